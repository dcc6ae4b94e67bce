package tidefs.api.sts;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.api.ServiceError;
import tidefs.iam.Caller;
import tidefs.iam.Credential;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.Role;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.policy.Decision;
import tidefs.iam.policy.Evaluator;
import tidefs.iam.policy.Policy;
import tidefs.iam.web.Issuers;
import tidefs.iam.web.TokenRefusal;
import tidefs.iam.web.WebIdentity;

/**
 * Sessions of the account's own roles ("Granting a user permissions to switch roles"). A role's
 * trust policy must name the caller; if it names the account instead, the caller's own policies
 * must allow sts:AssumeRole on the role. Whoever a token is about needs the trust policy alone.
 */
public final class AccountRoles implements RoleSessions {
  private static final int LONGEST_CHAINED_SECONDS = 3_600;

  private final String accountId;
  private final Identities identities;
  private final Issuers issuers;

  /** Sessions of the roles that {@code identities} have. */
  public AccountRoles(String accountId, Identities identities, Issuers issuers) {
    this.accountId = accountId;
    this.identities = identities;
    this.issuers = issuers;
  }

  @Override
  public Session assume(Caller caller, Wanted wanted, Map<String, String> context)
      throws ServiceError {
    String action = "sts:AssumeRole";
    Optional<Role> role = role(wanted.roleArn());
    boolean allowed = role.isPresent() && trusts(role.get(), action, caller, wanted, context);
    if (!allowed) {
      throw new ServiceError(
          403,
          "AccessDenied",
          "User: "
              + caller.arn()
              + " is not authorized to perform: sts:AssumeRole on resource: "
              + wanted.roleArn());
    }
    boolean chained = caller.arn().contains(":assumed-role/");
    refuseLong(
        wanted.life(),
        chained ? Duration.ofSeconds(LONGEST_CHAINED_SECONDS) : role.get().longestSession());
    return session(role.get(), wanted);
  }

  private boolean trusts(
      Role role, String action, Caller caller, Wanted wanted, Map<String, String> context) {
    Optional<Policy> trust = identities.roles().trust(role.name());
    if (trust.isEmpty()) {
      return false;
    }
    AccessRequest asked = question(caller, action, wanted, context);
    Decision byTrust = Evaluator.decide(asked, List.of(trust.get()));
    Decision byOwn = identities.decide(asked, Optional.empty());
    if (byTrust == Decision.EXPLICITLY_DENIED || byOwn == Decision.EXPLICITLY_DENIED) {
      return false;
    }
    Caller account = new Caller(accountId, "arn:aws:iam::" + accountId + ":root", "");
    AccessRequest ofAccount = question(account, action, wanted, context);
    return byTrust == Decision.ALLOWED
        || (byOwn == Decision.ALLOWED
            && Evaluator.decide(ofAccount, List.of(trust.get())) == Decision.ALLOWED);
  }

  @Override
  public WebSession assume(String webIdentityToken, Wanted wanted, Map<String, String> context)
      throws ServiceError {
    WebIdentity identity;
    try {
      identity = issuers.identity(webIdentityToken);
    } catch (TokenRefusal e) {
      throw switch (e.reason()) {
        case INVALID -> new ServiceError(400, "InvalidIdentityToken", e.message());
        case EXPIRED -> new ServiceError(400, "ExpiredTokenException", e.message());
        case NO_KEYS -> new ServiceError(400, "IDPCommunicationError", e.message());
      };
    }
    String provider = "arn:aws:iam::" + accountId + ":oidc-provider/" + identity.provider();
    Map<String, String> known = new TreeMap<>(context);
    known.put(identity.provider() + ":sub", identity.subject());
    known.put(identity.provider() + ":aud", identity.audience());
    AccessRequest asked =
        question(
            new Caller(accountId, provider, ""), "sts:AssumeRoleWithWebIdentity", wanted, known);
    Optional<Role> role = role(wanted.roleArn());
    Optional<Policy> trust = role.flatMap(it -> identities.roles().trust(it.name()));
    if (role.isEmpty()
        || trust.isEmpty()
        || Evaluator.decide(asked, List.of(trust.get())) != Decision.ALLOWED) {
      throw new ServiceError(
          403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }
    refuseLong(wanted.life(), role.get().longestSession());
    return new WebSession(
        session(role.get(), wanted), identity.subject(), provider, identity.audience());
  }

  private Optional<Role> role(String arn) {
    Optional<String> name = identities.roles().nameIn(arn);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(identities.roles().role(name.get()));
    } catch (IdentityRefusal none) {
      return Optional.empty();
    }
  }

  private Session session(Role role, Wanted wanted) {
    String arn = identities.roles().sessionArn(role.name(), wanted.sessionName());
    Credential made = identities.issueSession(new Caller(accountId, arn, ""), wanted.life());
    Credential.Session session = made.session().orElseThrow();
    return new Session(
        made.accessKeyId(), made.secretAccessKey(), session.token(), session.expiry(), role.id());
  }

  private static void refuseLong(Duration life, Duration longest) throws ServiceError {
    if (life.compareTo(longest) > 0) {
      throw ServiceError.validation(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
  }

  private static AccessRequest question(
      Caller caller, String action, Wanted wanted, Map<String, String> context) {
    Map<String, List<String>> known = new TreeMap<>();
    context.forEach((key, value) -> known.put(key, List.of(value)));
    known.put("sts:RoleSessionName", List.of(wanted.sessionName()));
    return new AccessRequest(Optional.of(caller), action, wanted.roleArn(), known);
  }
}
