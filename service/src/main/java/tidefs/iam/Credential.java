package tidefs.iam;

import java.time.Instant;
import java.util.Optional;

/**
 * What a caller signs with, and whom that makes of him.
 *
 * @param session of temporary credentials alone
 */
public record Credential(
    String accessKeyId, String secretAccessKey, Caller caller, Optional<Session> session) {
  /**
   * What makes a credential a temporary one.
   *
   * @param token sent along with every request
   */
  public record Session(String token, Instant expiry) {
    @Override
    public String toString() {
      return "Session[" + expiry + "]";
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "Credential[" + accessKeyId + ", " + caller.arn() + "]";
  }
}
