package tidefs.iam.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.iam.identity.IdentityRefusal.Code;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.Policy;
import tidefs.iam.policy.PolicyParser;

/**
 * The roles of one account, all in memory; a change is durable when its method returns. They lie in
 * the store of the users, under names that no user can have.
 */
public final class Roles {
  /** What names in the store begin with. */
  static final String PREFIX = "role/";

  private static final Duration USUAL_SESSION = Duration.ofHours(1);

  private final String accountId;
  private final IdentityStore store;
  private final Clock clock;
  private final KeyMaker maker;
  private final Map<String, Entry> roles = new ConcurrentSkipListMap<>();

  /** A role, whom it trusts and what it may do. */
  private record Entry(Role role, Policy trust, List<Policy> policies) {}

  Roles(String accountId, IdentityStore store, Clock clock, Chance chance) {
    this.accountId = accountId;
    this.store = store;
    this.clock = clock;
    maker = new KeyMaker(chance);
  }

  /** Shows a role that the store holds. */
  void load(String stored, byte[] bytes) {
    show(RoleCodec.decode(stored.substring(PREFIX.length()), bytes));
  }

  /** The ARN of a role. */
  public String arn(String name) {
    return "arn:aws:iam::" + accountId + ":role/" + name;
  }

  /** The name in a role's ARN, if it is one of this account. */
  public Optional<String> nameIn(String arn) {
    return Optional.of(arn)
        .filter(it -> it.startsWith(arn("")))
        .map(it -> it.substring(it.lastIndexOf('/') + 1));
  }

  /** The ARN of whoever has assumed the role. */
  public String sessionArn(String name, String session) {
    return "arn:aws:sts::" + accountId + ":assumed-role/" + name + "/" + session;
  }

  /** All roles, by name. */
  public List<Role> all() {
    return roles.values().stream().map(Entry::role).toList();
  }

  /** The role of this name. */
  public Role role(String name) throws IdentityRefusal {
    return entry(name).role;
  }

  /** Whom a role trusts. */
  public Optional<Policy> trust(String name) {
    return Optional.ofNullable(roles.get(name)).map(Entry::trust);
  }

  /** What the bearer of a session's ARN may do; empty if that is none, or its role is gone. */
  Optional<List<Policy>> policiesOfSession(String arn) {
    String prefix = "arn:aws:sts::" + accountId + ":assumed-role/";
    if (!arn.startsWith(prefix)) {
      return Optional.empty();
    }
    String name = arn.substring(prefix.length(), Math.max(prefix.length(), arn.lastIndexOf('/')));
    return Optional.ofNullable(roles.get(name)).map(Entry::policies);
  }

  /** Makes a role that trusts whom the document names and may do nothing yet. */
  public synchronized Role create(String name, String trust, Optional<Duration> longestSession)
      throws IdentityRefusal {
    if (!name.matches("[A-Za-z0-9+=,.@_-]{1,64}")) {
      throw new IdentityRefusal(
          Code.VALIDATION,
          "The specified value for roleName is invalid. It must contain only alphanumeric"
              + " characters and/or the following: +=,.@_-");
    }
    if (roles.containsKey(name)) {
      throw new IdentityRefusal(
          Code.ENTITY_ALREADY_EXISTS, "Role with name " + name + " already exists.");
    }
    HeldPolicies.refuseOver(roles.size(), Limits.ROLES, "RolesPerAccount");
    return keep(
        new Role(
            name,
            maker.id("AROA"),
            clock.now(),
            checkedTrust(trust),
            longestSession.orElse(USUAL_SESSION),
            new TreeMap<>(),
            new TreeSet<>()));
  }

  /** Trusts others from now on; sessions that are open stay. */
  public synchronized void updateTrust(String name, String trust) throws IdentityRefusal {
    keep(role(name).withTrust(checkedTrust(trust)));
  }

  /** Forgets a role, which must have no policies; its sessions end. */
  public synchronized void delete(String name) throws IdentityRefusal {
    Role role = role(name);
    if (!role.inline().isEmpty() || !role.attached().isEmpty()) {
      throw new IdentityRefusal(
          Code.DELETE_CONFLICT, "Cannot delete entity, must detach all policies first.");
    }
    store.remove(PREFIX + name);
    roles.remove(name);
  }

  /** Gives a role a policy of its own, or another document to one it has. */
  public synchronized void putPolicy(String name, String policyName, String document)
      throws IdentityRefusal {
    Role role = role(name);
    keep(role.withInline(HeldPolicies.OF_ROLE.put(role.inline(), policyName, document)));
  }

  /** Takes a policy of its own from a role. */
  public synchronized void deletePolicy(String name, String policyName) throws IdentityRefusal {
    Role role = role(name);
    keep(role.withInline(HeldPolicies.OF_ROLE.delete(role.inline(), policyName)));
  }

  /** Attaches a managed policy to a role. */
  public synchronized void attach(String name, String policyArn) throws IdentityRefusal {
    Role role = role(name);
    keep(role.withAttached(HeldPolicies.attach(role.attached(), policyArn)));
  }

  /** Detaches a managed policy from a role. */
  public synchronized void detach(String name, String policyArn) throws IdentityRefusal {
    Role role = role(name);
    keep(role.withAttached(HeldPolicies.detach(role.attached(), policyArn)));
  }

  private Entry entry(String name) throws IdentityRefusal {
    Entry entry = roles.get(name);
    if (entry == null) {
      throw new IdentityRefusal(
          Code.NO_SUCH_ENTITY, "The role with name " + name + " cannot be found.");
    }
    return entry;
  }

  private static String checkedTrust(String document) throws IdentityRefusal {
    try {
      var _ = PolicyParser.ofResource(document);
      return document;
    } catch (MalformedPolicy e) {
      throw new IdentityRefusal(Code.MALFORMED_POLICY_DOCUMENT, e.message());
    }
  }

  private Role keep(Role role) {
    store.put(PREFIX + role.name(), RoleCodec.encode(role));
    show(role);
    return role;
  }

  private void show(Role role) {
    List<Policy> policies = new ArrayList<>();
    role.attached().forEach(arn -> ManagedPolicies.find(arn).ifPresent(policies::add));
    try {
      for (String document : role.inline().values()) {
        policies.add(PolicyParser.ofIdentity(document));
      }
      roles.put(role.name(), new Entry(role, PolicyParser.ofResource(role.trust()), policies));
    } catch (MalformedPolicy e) {
      throw new IllegalStateException("a policy was checked before it was kept", e);
    }
  }
}
