package tidefs.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/** An issuer of JSON web tokens, with a key of its own. */
public final class TokenWriter {
  private static final int P256_BYTES = 32;

  private final String keyId;
  private final String algorithm;
  private final String signature;
  private final KeyPair pair;

  private TokenWriter(String keyId, String algorithm, String signature, KeyPair pair) {
    this.keyId = keyId;
    this.algorithm = algorithm;
    this.signature = signature;
    this.pair = pair;
  }

  public static TokenWriter rs256(String keyId) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return new TokenWriter(keyId, "RS256", "SHA256withRSA", generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static TokenWriter es256(String keyId) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new TokenWriter(
          keyId, "ES256", "SHA256withECDSAinP1363Format", generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The public keys, as issuers publish them. */
  public static String keySet(TokenWriter... writers) {
    return Arrays.stream(writers)
        .map(TokenWriter::publicKey)
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  private String publicKey() {
    String head = "{\"kid\":\"" + keyId + "\",\"use\":\"sig\",";
    return switch (pair.getPublic()) {
      case RSAPublicKey key ->
          head
              + "\"kty\":\"RSA\",\"n\":\""
              + text(key.getModulus().toByteArray())
              + "\",\"e\":\""
              + text(key.getPublicExponent().toByteArray())
              + "\"}";
      case ECPublicKey key ->
          head
              + "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
              + text(coordinate(key.getW().getAffineX()))
              + "\",\"y\":\""
              + text(coordinate(key.getW().getAffineY()))
              + "\"}";
      default -> throw new AssertionError(pair);
    };
  }

  private static byte[] coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[P256_BYTES];
    int count = Math.min(bytes.length, P256_BYTES);
    System.arraycopy(bytes, bytes.length - count, fixed, P256_BYTES - count, count);
    return fixed;
  }

  /** A signed token. */
  public String token(String issuer, String subject, String audience, Instant expiry) {
    String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\",\"typ\":\"JWT\"}";
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":[\"%s\"],\"exp\":%d}"
            .formatted(issuer, subject, audience, expiry.getEpochSecond());
    String content = text(utf8(header)) + "." + text(utf8(claims));
    try {
      Signature signer = Signature.getInstance(signature);
      signer.initSign(pair.getPrivate());
      signer.update(utf8(content));
      return content + "." + text(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The same claims, in a token that says it needs no signature. */
  public String unsigned(String token) {
    return text(utf8("{\"alg\":\"none\"}")) + "." + token.split("\\.", -1)[1] + ".";
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
