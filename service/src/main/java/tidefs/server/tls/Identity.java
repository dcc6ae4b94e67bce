package tidefs.server.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server proves its name with.
 *
 * @param chain its own certificate first
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  /** Copies the list. */
  public Identity {
    chain = List.copyOf(chain);
  }

  /** Refuses a key that is not the certificate's: with it, every handshake would fail. */
  void checkPair() throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] text = {42};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    byte[] signature = signing.sign();
    Signature checking = Signature.getInstance(algorithm);
    try {
      checking.initVerify(chain.getFirst().getPublicKey());
      checking.update(text);
      if (checking.verify(signature)) {
        return;
      }
    } catch (InvalidKeyException | SignatureException e) {
      throw new GeneralSecurityException("the key is of another kind than the certificate's", e);
    }
    throw new GeneralSecurityException("the key is not the certificate's");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
