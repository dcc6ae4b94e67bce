package tidefs.iam.identity;

import java.time.Instant;

/**
 * A long-term access key.
 *
 * @param sealedSecret the secret as {@link Seal} encrypted it for this id
 */
public record AccessKey(String id, byte[] sealedSecret, boolean active, Instant created) {
  AccessKey with(boolean nowActive) {
    return new AccessKey(id, sealedSecret, nowActive, created);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "AccessKey[" + id + (active ? "" : ", inactive") + "]";
  }
}
