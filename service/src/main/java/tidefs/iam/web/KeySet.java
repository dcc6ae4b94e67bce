package tidefs.iam.web;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Public keys of an issuer (RFC 7517): RSA for RS256, P-256 for ES256; others are passed over. */
final class KeySet {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LEAST_RSA_BITS = 2_048;

  private final List<Key> keys;

  private KeySet(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  private record Key(String id, Algorithm algorithm, PublicKey key) {}

  /** The algorithms that are believed (RFC 7518 §3.1). */
  enum Algorithm {
    RS256("SHA256withRSA"),
    ES256("SHA256withECDSAinP1363Format");

    final String javaName;

    Algorithm(String javaName) {
      this.javaName = javaName;
    }
  }

  /** Reads a key set; throws {@link IllegalArgumentException} if it is none. */
  static KeySet parse(String text) {
    List<Key> keys = new ArrayList<>();
    try {
      for (JsonNode each : JSON.readTree(text).path("keys")) {
        String id = each.path("kid").asString("");
        switch (each.path("kty").asString("")) {
          case "RSA" -> keys.add(new Key(id, Algorithm.RS256, rsa(each)));
          case "EC" -> {
            if (each.path("crv").asString("").equals("P-256")) {
              keys.add(new Key(id, Algorithm.ES256, ec(each)));
            }
          }
          default -> {} // Of another kind.
        }
      }
    } catch (JacksonException | GeneralSecurityException e) {
      throw new IllegalArgumentException("not a set of JSON web keys: " + e.getMessage(), e);
    }
    return new KeySet(keys);
  }

  private static PublicKey rsa(JsonNode key) throws GeneralSecurityException {
    BigInteger modulus = number(key, "n");
    if (modulus.bitLength() < LEAST_RSA_BITS) {
      throw new InvalidKeyException("an RSA key is shorter than " + LEAST_RSA_BITS + " bits");
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, number(key, "e")));
  }

  private static PublicKey ec(JsonNode key) throws GeneralSecurityException {
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
  }

  private static BigInteger number(JsonNode key, String member) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asString("")));
  }

  /** Whether a key of this id is here; an empty id is any. */
  boolean has(String id) {
    return keys.stream().anyMatch(key -> id.isEmpty() || key.id.equals(id));
  }

  /** Whether one of the keys of this id has signed the content. */
  boolean verifies(String id, Algorithm algorithm, byte[] content, byte[] signature) {
    return keys.stream()
        .filter(key -> key.algorithm == algorithm && (id.isEmpty() || key.id.equals(id)))
        .anyMatch(key -> verifies(key, content, signature));
  }

  private static boolean verifies(Key key, byte[] content, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(key.algorithm.javaName);
      verifier.initVerify(key.key);
      verifier.update(content);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // It has not the form of one.
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform verifies " + key.algorithm, e);
    }
  }
}
