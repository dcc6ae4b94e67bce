package tidefs.iam;

import java.util.SortedMap;

/**
 * Signs requests as a client does ("Create a signed AWS API request").
 *
 * @param service the signing name, such as {@code ec2}
 */
public record RequestSigner(
    String accessKeyId, String secretAccessKey, String region, String service) {
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
    return authorization(method, path, "", headers, body);
  }

  /**
   * The Authorization header of a request with a query.
   *
   * @param query its parameters in order, encoded as they are sent
   */
  public String authorization(
      String method, String path, String query, SortedMap<String, String> headers, byte[] body) {
    String time = headers.getOrDefault("x-amz-date", "");
    String date = time.substring(0, Math.min(DATE_LENGTH, time.length()));
    CredentialScope scope = new CredentialScope(date, region, service);
    StringBuilder canonical =
        new StringBuilder(method + "\n" + SigV4.canonicalPath(path) + "\n" + query + "\n");
    headers.forEach((name, value) -> canonical.append(name + ":" + value.strip() + "\n"));
    String signedHeaders = String.join(";", headers.keySet());
    canonical.append("\n" + signedHeaders + "\n" + SigV4.hash(body));
    return SigV4.ALGORITHM
        + (" Credential=" + accessKeyId + "/" + scope)
        + (", SignedHeaders=" + signedHeaders)
        + (", Signature=" + SigV4.sign(secretAccessKey, scope, time, canonical.toString()));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "RequestSigner[" + accessKeyId + ", " + region + ", " + service + "]";
  }
}
