package tidefs.iam.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.iam.Caller;
import tidefs.iam.Credential;
import tidefs.iam.KeyRing;
import tidefs.iam.identity.IdentityRefusal.Code;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.policy.Authorizer;
import tidefs.iam.policy.Decision;
import tidefs.iam.policy.Evaluator;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.Policy;
import tidefs.iam.policy.PolicyParser;

/**
 * The users and roles of one account, all in memory. Looking them up never waits; a change is
 * durable when its method returns. What is decided for a user follows a change at once.
 */
public final class Identities implements KeyRing, Authorizer {
  private static final String LONG_TERM = "AKIA";

  private final String accountId;
  private final IdentityStore store;
  private final Seal seal;
  private final SessionTokens sessions;
  private final KeyMaker maker;
  private final Roles roles;
  private final Clock clock;
  private final Map<String, Entry> users = new ConcurrentSkipListMap<>();
  private final Map<String, Credential> credentials = new ConcurrentHashMap<>();

  /** A user with the policies that are in force for him. */
  private record Entry(User user, List<Policy> policies) {}

  /** A new key with its secret, which is told this once. */
  public record NewKey(AccessKey key, String secret) {
    @Override
    public String toString() {
      return "NewKey[" + key + "]";
    }
  }

  /** The users that {@code store} keeps. */
  public Identities(String accountId, IdentityStore store, Seal seal, Clock clock, Chance chance) {
    this.accountId = accountId;
    this.store = store;
    this.seal = seal;
    this.clock = clock;
    sessions = new SessionTokens(seal, chance);
    maker = new KeyMaker(chance);
    roles = new Roles(accountId, store, clock, chance);
    store.load((name, bytes) -> {
      if (name.startsWith(Roles.PREFIX)) {
        roles.load(name, bytes);
      } else {
        show(UserCodec.decode(name, bytes));
      }
    });
  }

  @Override
  public Optional<Credential> find(String accessKeyId, Optional<String> sessionToken) {
    if (sessionToken.isPresent()) {
      return sessions
          .find(accessKeyId, sessionToken.get())
          .filter(credential -> isKnown(credential.caller().arn()));
    }
    return Optional.ofNullable(credentials.get(accessKeyId));
  }

  /**
   * Whether a caller could sign now as it has signed before: with the same key, or, if it had
   * temporary credentials, as a user who is still there.
   */
  public boolean isInForce(Caller caller) {
    return caller.accessKeyId().startsWith(LONG_TERM)
        ? credentials.containsKey(caller.accessKeyId())
        : isKnown(caller.arn());
  }

  @Override
  public Decision decide(AccessRequest request, Optional<Policy> ofResource) {
    List<Policy> policies = new ArrayList<>();
    ofResource.ifPresent(policies::add);
    request.caller().ifPresent(caller -> policies.addAll(policiesOf(caller)));
    return Evaluator.decide(request, policies);
  }

  private List<Policy> policiesOf(Caller caller) {
    if (caller.arn().equals(rootArn())) {
      return ManagedPolicies.find(ManagedPolicies.ADMINISTRATOR).stream().toList();
    }
    Entry entry = users.get(nameIn(caller.arn()));
    return entry == null ? roles.policiesOfSession(caller.arn()).orElse(List.of()) : entry.policies;
  }

  /** The roles of the account. */
  public Roles roles() {
    return roles;
  }

  /** Temporary credentials that make their bearer the same caller. */
  public Credential issueSession(Caller caller, Duration validity) {
    return sessions.issue(caller, clock.now(), validity);
  }

  /** The ARN of a user. */
  public String arn(String name) {
    return "arn:aws:iam::" + accountId + ":user/" + name;
  }

  private String rootArn() {
    return "arn:aws:iam::" + accountId + ":root";
  }

  private boolean isKnown(String arn) {
    return arn.equals(rootArn())
        || users.containsKey(nameIn(arn))
        || roles.policiesOfSession(arn).isPresent();
  }

  private String nameIn(String arn) {
    String prefix = arn("");
    return arn.startsWith(prefix) ? arn.substring(prefix.length()) : "";
  }

  /** All users, by name. */
  public List<User> users() {
    return users.values().stream().map(Entry::user).toList();
  }

  /** The user of this name. */
  public User user(String name) throws IdentityRefusal {
    Entry entry = users.get(name);
    if (entry == null) {
      throw IdentityRefusal.noSuchUser(name);
    }
    return entry.user;
  }

  /** Makes a user, who may do nothing yet. */
  public synchronized User createUser(String name) throws IdentityRefusal {
    if (!name.matches("[A-Za-z0-9+=,.@_-]{1,64}")) {
      throw new IdentityRefusal(
          Code.VALIDATION,
          "The specified value for userName is invalid. It must contain only alphanumeric"
              + " characters and/or the following: +=,.@_-");
    }
    if (users.containsKey(name)) {
      throw new IdentityRefusal(
          Code.ENTITY_ALREADY_EXISTS, "User with name " + name + " already exists.");
    }
    HeldPolicies.refuseOver(users.size(), Limits.USERS, "UsersPerAccount");
    return keep(User.of(name, maker.id("AIDA"), clock.now()));
  }

  /** Forgets a user, who must have no keys or policies. */
  public synchronized void deleteUser(String name) throws IdentityRefusal {
    User user = user(name);
    if (!user.keys().isEmpty()) {
      throw new IdentityRefusal(
          Code.DELETE_CONFLICT, "Cannot delete entity, must delete access keys first.");
    }
    if (!user.inline().isEmpty()) {
      throw new IdentityRefusal(
          Code.DELETE_CONFLICT, "Cannot delete entity, must delete policies first.");
    }
    if (!user.attached().isEmpty()) {
      throw new IdentityRefusal(
          Code.DELETE_CONFLICT, "Cannot delete entity, must detach all policies first.");
    }
    store.remove(name);
    users.remove(name);
  }

  /** Makes an access key of a user. */
  public synchronized NewKey createKey(String name) throws IdentityRefusal {
    User user = user(name);
    HeldPolicies.refuseOver(user.keys().size(), Limits.KEYS_PER_USER, "AccessKeysPerUser");
    String id = maker.id(LONG_TERM);
    String secret = maker.secret();
    AccessKey key = new AccessKey(id, seal.close(id, secret), true, clock.now());
    keep(user.with(key));
    return new NewKey(key, secret);
  }

  /** Takes a key out of force, or puts it back. */
  public synchronized void updateKey(String name, String keyId, boolean active)
      throws IdentityRefusal {
    User user = user(name);
    keep(user.with(key(user, keyId).with(active)));
  }

  /** Forgets a key. */
  public synchronized void deleteKey(String name, String keyId) throws IdentityRefusal {
    User user = user(name);
    keep(user.without(key(user, keyId).id()));
  }

  private static AccessKey key(User user, String keyId) throws IdentityRefusal {
    return user.key(keyId)
        .orElseThrow(() ->
            new IdentityRefusal(
                Code.NO_SUCH_ENTITY, "The Access Key with id " + keyId + " cannot be found."));
  }

  /** Gives a user a policy of his own, or another document to one he has. */
  public synchronized void putPolicy(String name, String policyName, String document)
      throws IdentityRefusal {
    User user = user(name);
    keep(user.withInline(HeldPolicies.OF_USER.put(user.inline(), policyName, document)));
  }

  /** Takes a policy of his own from a user. */
  public synchronized void deletePolicy(String name, String policyName) throws IdentityRefusal {
    User user = user(name);
    keep(user.withInline(HeldPolicies.OF_USER.delete(user.inline(), policyName)));
  }

  /** Attaches a managed policy to a user. */
  public synchronized void attach(String name, String policyArn) throws IdentityRefusal {
    User user = user(name);
    keep(user.withAttached(HeldPolicies.attach(user.attached(), policyArn)));
  }

  /** Detaches a managed policy from a user. */
  public synchronized void detach(String name, String policyArn) throws IdentityRefusal {
    User user = user(name);
    keep(user.withAttached(HeldPolicies.detach(user.attached(), policyArn)));
  }

  /** Makes the administrator with his key, if there are no users at all. */
  public synchronized Optional<NewKey> firstAdministrator() {
    if (!users.isEmpty()) {
      return Optional.empty();
    }
    String keyId = maker.id(LONG_TERM);
    String secret = maker.secret();
    AccessKey key = new AccessKey(keyId, seal.close(keyId, secret), true, clock.now());
    TreeSet<String> attached = new TreeSet<>(List.of(ManagedPolicies.ADMINISTRATOR));
    User admin = User.of("admin", maker.id("AIDA"), clock.now());
    keep(admin.with(key).withAttached(attached));
    return Optional.of(new NewKey(key, secret));
  }

  private User keep(User user) {
    store.put(user.name(), UserCodec.encode(user));
    show(user);
    return user;
  }

  private void show(User user) {
    Entry before = users.put(user.name(), new Entry(user, policies(user)));
    for (AccessKey key : user.keys()) {
      if (key.active()) {
        seal.open(key.id(), key.sealedSecret())
            .ifPresent(secret -> credentials.put(key.id(), credential(user, key.id(), secret)));
      } else {
        credentials.remove(key.id());
      }
    }
    if (before != null) {
      before.user.keys().stream()
          .filter(key -> user.key(key.id()).isEmpty())
          .forEach(key -> credentials.remove(key.id()));
    }
  }

  private Credential credential(User user, String keyId, String secret) {
    Caller caller = new Caller(accountId, arn(user.name()), keyId);
    return new Credential(keyId, secret, caller, Optional.empty());
  }

  private static List<Policy> policies(User user) {
    List<Policy> policies = new ArrayList<>();
    user.attached().forEach(arn -> ManagedPolicies.find(arn).ifPresent(policies::add));
    for (String document : user.inline().values()) {
      try {
        policies.add(PolicyParser.ofIdentity(document));
      } catch (MalformedPolicy e) {
        throw new IllegalStateException("a policy was checked before it was kept", e);
      }
    }
    return policies;
  }
}
