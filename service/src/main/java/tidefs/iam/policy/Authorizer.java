package tidefs.iam.policy;

import java.util.Optional;

/** Decides whether a caller may do something. Called from any thread; does not wait. */
@FunctionalInterface
public interface Authorizer {
  /** Lets everybody do everything: for a server that does not check who calls. */
  Authorizer EVERYTHING = (_, _) -> Decision.ALLOWED;

  /** What the caller's own policies and that of the resource, if it has one, say. */
  Decision decide(AccessRequest request, Optional<Policy> ofResource);
}
