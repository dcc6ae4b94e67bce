package tidefs.iam;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as a client does ("Signing AWS API requests: Signature Version 4").
 *
 * @param service the signing name, such as {@code ec2}
 */
public record RequestSigner(
    String accessKeyId, String secretAccessKey, String region, String service) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final int DATE_LENGTH = 8;

  /**
   * The Authorization header of a request without a query.
   *
   * @param path encoded as it is sent
   * @param headers all that are signed, by names in lower case; among them {@code host} and {@code
   *     x-amz-date}, a time such as {@code 20150830T123600Z}
   */
  public String authorization(
      String method, String path, SortedMap<String, String> headers, byte[] body) {
    String time = headers.getOrDefault("x-amz-date", "");
    String date = time.substring(0, Math.min(DATE_LENGTH, time.length()));
    CredentialScope scope = new CredentialScope(date, region, service);
    StringBuilder canonical = new StringBuilder(method + "\n" + path + "\n\n");
    headers.forEach((name, value) -> canonical.append(name + ":" + value.strip() + "\n"));
    String signedHeaders = String.join(";", headers.keySet());
    canonical.append("\n" + signedHeaders + "\n" + hash(body));
    String toSign =
        String.join("\n", ALGORITHM, time, scope.toString(), hash(bytes(canonical.toString())));
    byte[] key = bytes("AWS4" + secretAccessKey);
    for (String part : new String[] {date, region, service, CredentialScope.TERMINATOR}) {
      key = hmac(key, part);
    }
    return ALGORITHM
        + (" Credential=" + accessKeyId + "/" + scope)
        + (", SignedHeaders=" + signedHeaders)
        + (", Signature=" + HexFormat.of().formatHex(hmac(key, toSign)));
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "RequestSigner[" + accessKeyId + ", " + region + ", " + service + "]";
  }
}
