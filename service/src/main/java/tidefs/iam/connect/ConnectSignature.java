package tidefs.iam.connect;

import java.time.Instant;
import java.util.Optional;

/**
 * The signature in a client's certificate, which says with whose credentials it was made; nothing
 * in it is verified.
 *
 * @param hex the signature, in hexadecimal digits
 */
public record ConnectSignature(
    String accessKeyId, String hex, Instant time, Optional<String> sessionToken) {
  /** Without the token. */
  @Override
  public String toString() {
    return "ConnectSignature[" + accessKeyId + ", " + time + "]";
  }
}
