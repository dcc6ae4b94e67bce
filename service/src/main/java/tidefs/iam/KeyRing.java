package tidefs.iam;

import java.util.Optional;

/** Knows the credentials that may be signed with. Called from any thread; does not wait. */
@FunctionalInterface
public interface KeyRing {
  /**
   * The credential of an access key that is in force.
   *
   * @param sessionToken what came along with the signature, not verified; a ring whose temporary
   *     credentials live in their tokens reads it
   */
  Optional<Credential> find(String accessKeyId, Optional<String> sessionToken);
}
