package tidefs.api.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import tidefs.api.ServiceError;
import tidefs.api.sts.RoleSessions.Session;
import tidefs.api.sts.RoleSessions.Wanted;
import tidefs.base.Chance;
import tidefs.iam.Caller;
import tidefs.iam.Credential;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.IdentityStore;
import tidefs.iam.identity.Seal;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.web.Issuer;
import tidefs.iam.web.Issuers;
import tidefs.testkit.ManualClock;
import tidefs.testkit.TokenWriter;

/** Roles: whom they trust, what their sessions may do, and when these end. */
class AccountRolesTest {
  private static final String ACCOUNT = "123456789012";
  private static final String URL = "https://tokens.example.org";
  private static final String READ_ONLY =
      "arn:aws:iam::aws:policy/AmazonElasticFileSystemReadOnlyAccess";

  private final ManualClock clock = new ManualClock();
  private final Map<String, byte[]> stored = new TreeMap<>();
  private final TokenWriter writer = TokenWriter.es256("k");
  private Identities identities = identities();
  private final AccountRoles roles = roles();

  private Identities identities() {
    IdentityStore store =
        new IdentityStore() {
          @Override
          public void load(BiConsumer<String, byte[]> user) {
            stored.forEach(user);
          }

          @Override
          public void put(String name, byte[] user) {
            stored.put(name, user);
          }

          @Override
          public void remove(String name) {
            stored.remove(name);
          }
        };
    Seal seal = new Seal(new byte[Seal.KEY_BYTES], Chance.system());
    return new Identities(ACCOUNT, store, seal, clock, Chance.system());
  }

  private AccountRoles roles() {
    Issuer issuer = new Issuer(URL, List.of("tidefs"), () -> TokenWriter.keySet(writer), clock);
    return new AccountRoles(ACCOUNT, identities, new Issuers(List.of(issuer)));
  }

  private Caller user(String name) throws IdentityRefusal {
    identities.createUser(name);
    return new Caller(ACCOUNT, identities.arn(name), "AKIA");
  }

  private static String trust(String principal, String action, String condition) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{"
        + principal
        + "},\"Action\":\""
        + action
        + "\""
        + condition
        + "}]}";
  }

  private static String trust(String arn) {
    return trust("\"AWS\":\"" + arn + "\"", "sts:AssumeRole", "");
  }

  private static Wanted wanted(String role, Duration life) {
    return new Wanted("arn:aws:iam::" + ACCOUNT + ":role/" + role, "session", life);
  }

  private Session assume(Caller caller, String role) throws ServiceError {
    return roles.assume(caller, wanted(role, Duration.ofMinutes(30)), Map.of());
  }

  private void assertRefused(Caller caller, String role) {
    assertThatExceptionOfType(ServiceError.class)
        .isThrownBy(() -> assume(caller, role))
        .satisfies(it -> assertThat(it.code()).isEqualTo("AccessDenied"));
  }

  private boolean may(Identities by, Caller caller, String action) {
    return by.decide(
            new AccessRequest(Optional.of(caller), action, "*", Map.of()), Optional.empty())
        .isAllowed();
  }

  @Test
  void whomTheTrustPolicyNamesGetsTheRightsOfTheRole() throws Exception {
    Caller alice = user("alice");
    Caller bob = user("bob");
    identities.attach("bob", "arn:aws:iam::aws:policy/AdministratorAccess");
    identities.roles().create("reader", trust(alice.arn()), Optional.empty());
    identities.roles().attach("reader", READ_ONLY);
    Session session = assume(alice, "reader");
    assertRefused(bob, "reader");
    assertRefused(alice, "nothing");
    Credential credential =
        identities.find(session.accessKeyId(), Optional.of(session.sessionToken())).orElseThrow();
    assertThat(credential.secretAccessKey()).isEqualTo(session.secretAccessKey());
    Caller assumed = credential.caller();
    assertThat(assumed.arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/reader/session");
    assertThat(may(identities, assumed, "elasticfilesystem:DescribeFileSystems")).isTrue();
    assertThat(may(identities, assumed, "elasticfilesystem:DeleteFileSystem")).isFalse();
    assertThat(may(identities, alice, "elasticfilesystem:DescribeFileSystems")).isFalse();
  }

  @Test
  void anAccountThatIsTrustedLeavesItToItsOwnPolicies() throws Exception {
    Caller alice = user("alice");
    identities.roles().create("r", trust("arn:aws:iam::123456789012:root"), Optional.empty());
    assertRefused(alice, "r");
    identities.putPolicy(
        "alice",
        "p",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}}");
    assertThat(assume(alice, "r").sessionToken()).isNotEmpty();
    identities.putPolicy(
        "alice",
        "q",
        "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"sts:*\",\"Resource\":\"*\"}}");
    assertRefused(alice, "r");
  }

  @Test
  void sessionsSurviveARestartAndEndWithTheirRole() throws Exception {
    Caller alice = user("alice");
    identities.roles().create("r", trust(alice.arn()), Optional.of(Duration.ofHours(2)));
    identities
        .roles()
        .putPolicy(
            "r",
            "p",
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}");
    Session session = assume(alice, "r");
    identities = identities();
    Optional<String> token = Optional.of(session.sessionToken());
    Caller assumed = identities.find(session.accessKeyId(), token).orElseThrow().caller();
    assertThat(may(identities, assumed, "kms:CreateKey")).isTrue();
    assertThat(identities.roles().role("r").longestSession()).isEqualTo(Duration.ofHours(2));
    identities.roles().deletePolicy("r", "p");
    identities.roles().delete("r");
    assertThat(identities.find(session.accessKeyId(), token)).isEmpty();
    assertThat(identities.users()).hasSize(1);
  }

  @Test
  void aSessionIsNotLongerThanTheRoleAllows() throws Exception {
    Caller alice = user("alice");
    identities.roles().create("r", trust(alice.arn()), Optional.empty());
    assertThatExceptionOfType(ServiceError.class)
        .isThrownBy(() -> roles.assume(alice, wanted("r", Duration.ofHours(2)), Map.of()))
        .satisfies(it -> assertThat(it.code()).isEqualTo("ValidationException"));
  }

  @Test
  void aTokenOfAnIssuerStandsForTheSubjectThatTheTrustPolicyNames() throws Exception {
    String provider =
        "\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/tokens.example.org\"";
    identities
        .roles()
        .create(
            "pod",
            trust(
                provider,
                "sts:AssumeRoleWithWebIdentity",
                ",\"Condition\":{\"StringEquals\":{\"tokens.example.org:sub\":\"ns:app\","
                    + "\"tokens.example.org:aud\":\"tidefs\"}}"),
            Optional.empty());
    Wanted wanted = wanted("pod", Duration.ofMinutes(15));
    String good = writer.token(URL, "ns:app", "tidefs", clock.now().plusSeconds(60));
    var made = roles.assume(good, wanted, Map.of());
    assertThat(made.subject()).isEqualTo("ns:app");
    assertThat(made.audience()).isEqualTo("tidefs");
    assertThat(made.provider()).endsWith(":oidc-provider/tokens.example.org");
    String other = writer.token(URL, "ns:other", "tidefs", clock.now().plusSeconds(60));
    assertCode("AccessDenied", other, wanted);
    assertCode("InvalidIdentityToken", good + "x", wanted);
    assertCode("AccessDenied", good, wanted("nothing", Duration.ofMinutes(15)));
    clock.advance(Duration.ofMinutes(2));
    assertCode("ExpiredTokenException", good, wanted);
  }

  private void assertCode(String code, String token, Wanted wanted) {
    assertThatExceptionOfType(ServiceError.class)
        .isThrownBy(() -> roles.assume(token, wanted, Map.of()))
        .satisfies(it -> assertThat(it.code()).as(it.message()).isEqualTo(code));
  }
}
