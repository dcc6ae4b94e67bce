package tidefs.iam.identity;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tidefs.iam.identity.IdentityRefusal.Code;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.PolicyParser;

/**
 * What changes of the policies of a user or a role have in common: its own, by name, and the
 * managed ones attached to it, by ARN.
 */
enum HeldPolicies {
  OF_USER("user", "PoliciesPerUser", Limits.POLICY_CHARACTERS),
  OF_ROLE("role", "PoliciesPerRole", Limits.ROLE_POLICY_CHARACTERS);

  private final String holder;
  private final String quota;
  private final int mostCharacters;

  HeldPolicies(String holder, String quota, int mostCharacters) {
    this.holder = holder;
    this.quota = quota;
    this.mostCharacters = mostCharacters;
  }

  /** {@code held} and a policy {@code name}, in the place of one of that name. */
  SortedMap<String, String> put(Map<String, String> held, String name, String document)
      throws IdentityRefusal {
    try {
      var _ = PolicyParser.ofIdentity(document);
    } catch (MalformedPolicy e) {
      throw new IdentityRefusal(Code.MALFORMED_POLICY_DOCUMENT, e.message());
    }
    SortedMap<String, String> policies = new TreeMap<>(held);
    policies.put(name, document);
    refuseOver(policies.size() - 1, Limits.POLICIES_PER_USER, quota);
    int characters = policies.values().stream().mapToInt(String::length).sum();
    refuseOver(characters - 1, mostCharacters, "PolicySize");
    return policies;
  }

  /** {@code held} without the policy {@code name}. */
  SortedMap<String, String> delete(Map<String, String> held, String name) throws IdentityRefusal {
    SortedMap<String, String> policies = new TreeMap<>(held);
    if (policies.remove(name) == null) {
      throw new IdentityRefusal(
          Code.NO_SUCH_ENTITY, "The " + holder + " policy with name " + name + " cannot be found.");
    }
    return policies;
  }

  /** {@code attached} and a managed policy. */
  static SortedSet<String> attach(Set<String> attached, String policyArn) throws IdentityRefusal {
    if (ManagedPolicies.find(policyArn).isEmpty()) {
      throw new IdentityRefusal(
          Code.NO_SUCH_ENTITY, "Policy " + policyArn + " does not exist or is not attachable.");
    }
    SortedSet<String> arns = new TreeSet<>(attached);
    arns.add(policyArn);
    return arns;
  }

  /** {@code attached} without a managed policy. */
  static SortedSet<String> detach(Set<String> attached, String policyArn) throws IdentityRefusal {
    SortedSet<String> arns = new TreeSet<>(attached);
    if (!arns.remove(policyArn)) {
      throw new IdentityRefusal(Code.NO_SUCH_ENTITY, "Policy " + policyArn + " was not found.");
    }
    return arns;
  }

  /** Refuses one more where there are {@code limit}. */
  static void refuseOver(int present, int limit, String quota) throws IdentityRefusal {
    if (present >= limit) {
      throw new IdentityRefusal(
          Code.LIMIT_EXCEEDED, "Cannot exceed quota for " + quota + ": " + limit);
    }
  }
}
