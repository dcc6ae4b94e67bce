package tidefs.iam.policy;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a policy.
 *
 * @param principals whom it is about; none in an identity policy, which is about its owner
 */
public record Statement(
    String sid,
    Effect effect,
    Optional<Principals> principals,
    Patterns actions,
    Patterns resources,
    List<Condition> conditions) {
  /** Copies the list. */
  public Statement {
    conditions = List.copyOf(conditions);
  }

  /** What a statement does about that which it is about. */
  public enum Effect {
    /** It may be done. */
    ALLOW,
    /** It may not be done, whatever others allow. */
    DENY,
  }

  /** Whether the statement is about this request. */
  boolean covers(AccessRequest request) {
    return (principals.isEmpty() || principals.get().include(request.caller(), effect))
        && actions.includeAction(request.action())
        && resources.includeResource(request)
        && conditions.stream().allMatch(condition -> condition.holds(request));
  }
}
