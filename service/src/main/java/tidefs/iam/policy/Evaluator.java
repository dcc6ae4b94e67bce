package tidefs.iam.policy;

import java.util.Collection;

/**
 * Decides requests within one account ("Policy evaluation logic"): what any policy denies is
 * denied; else what any allows is allowed, be it one of the caller's or the resource's own.
 */
public final class Evaluator {
  private Evaluator() {}

  /** What these policies, of identity and resource, say about a request. */
  public static Decision decide(AccessRequest request, Collection<Policy> policies) {
    boolean allowed = false;
    for (Policy policy : policies) {
      switch (decide(request, policy)) {
        case EXPLICITLY_DENIED -> {
          return Decision.EXPLICITLY_DENIED;
        }
        case ALLOWED -> allowed = true;
        case IMPLICITLY_DENIED -> {}
      }
    }
    return allowed ? Decision.ALLOWED : Decision.IMPLICITLY_DENIED;
  }

  private static Decision decide(AccessRequest request, Policy policy) {
    Decision decision = Decision.IMPLICITLY_DENIED;
    for (Statement statement : policy.statements()) {
      if (statement.covers(request)) {
        switch (statement.effect()) {
          case ALLOW -> decision = Decision.ALLOWED;
          case DENY -> {
            return Decision.EXPLICITLY_DENIED;
          }
        }
      }
    }
    return decision;
  }
}
