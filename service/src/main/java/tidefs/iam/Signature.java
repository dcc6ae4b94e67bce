package tidefs.iam;

import java.util.List;
import java.util.Optional;

/**
 * A Signature Version 4 as it came with a request; nothing in it is verified.
 *
 * @param signedHeaders names in lower case, in the order in which they were signed
 * @param hex the signature, in hexadecimal digits
 * @param sentAt X-Amz-Date: {@code 20150830T123600Z}; empty if only a Date header was sent
 * @param sessionToken of temporary credentials
 */
public record Signature(
    String accessKeyId,
    CredentialScope scope,
    List<String> signedHeaders,
    String hex,
    String sentAt,
    Optional<String> sessionToken,
    Form form) {
  /** Where a signature is carried. */
  public enum Form {
    /** In the Authorization header. */
    HEADER,
    /** In the query: a presigned URL. */
    PRESIGNED,
  }

  /** Copies the list. */
  public Signature {
    signedHeaders = List.copyOf(signedHeaders);
  }
}
