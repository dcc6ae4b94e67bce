package tidefs.iam.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.iam.Caller;
import tidefs.iam.Credential;
import tidefs.iam.identity.IdentityRefusal.Code;
import tidefs.iam.policy.AccessRequest;
import tidefs.testkit.ManualClock;

/** Users, their keys and what they may do, across restarts. */
class IdentitiesTest {
  private static final String MOUNT =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
          + "\"Action\":\"elasticfilesystem:ClientMount\",\"Resource\":\"*\"}}";

  private final ManualClock clock = new ManualClock();
  private final MemoryStore store = new MemoryStore();
  private Identities identities = opened((byte) 1);

  private static final class MemoryStore implements IdentityStore {
    private final Map<String, byte[]> users = new TreeMap<>();

    @Override
    public void load(BiConsumer<String, byte[]> user) {
      users.forEach(user);
    }

    @Override
    public void put(String name, byte[] user) {
      users.put(name, user);
    }

    @Override
    public void remove(String name) {
      users.remove(name);
    }
  }

  private Identities opened(byte keyByte) {
    byte[] key = new byte[Seal.KEY_BYTES];
    key[0] = keyByte;
    Chance chance = Chance.system();
    return new Identities("123456789012", store, new Seal(key, chance), clock, chance);
  }

  private boolean may(Caller caller, String action) {
    return identities
        .decide(new AccessRequest(Optional.of(caller), action, "*", Map.of()), Optional.empty())
        .isAllowed();
  }

  private static void assertRefused(Code code, Throwing change) {
    assertThatExceptionOfType(IdentityRefusal.class)
        .isThrownBy(change::run)
        .satisfies(it -> assertThat(it.code()).isEqualTo(code));
  }

  private interface Throwing {
    void run() throws IdentityRefusal;
  }

  @Test
  void theFirstStartMakesAnAdministratorAndNoLaterOneDoes() {
    Identities.NewKey first = identities.firstAdministrator().orElseThrow();
    identities = opened((byte) 1);
    assertThat(identities.firstAdministrator()).isEmpty();
    Credential found = identities.find(first.key().id(), Optional.empty()).orElseThrow();
    assertThat(found.secretAccessKey()).isEqualTo(first.secret()).hasSize(40);
    assertThat(found.caller().arn()).isEqualTo("arn:aws:iam::123456789012:user/admin");
    assertThat(may(found.caller(), "elasticfilesystem:CreateFileSystem")).isTrue();
  }

  @Test
  void secretsAreNotReadableWhereTheyAreKept() throws IdentityRefusal {
    identities.createUser("alice");
    Identities.NewKey key = identities.createKey("alice");
    String kept = new String(store.users.get("alice"), StandardCharsets.ISO_8859_1);
    assertThat(kept).contains(key.key().id()).doesNotContain(key.secret());
    identities = opened((byte) 2);
    assertThat(identities.find(key.key().id(), Optional.empty()))
        .as("with another key of the seal")
        .isEmpty();
    assertThat(key.toString()).doesNotContain(key.secret());
  }

  @Test
  void aKeyThatIsDeletedOrInactiveIsUnknownAtOnce() throws IdentityRefusal {
    identities.createUser("alice");
    String id = identities.createKey("alice").key().id();
    identities.updateKey("alice", id, false);
    assertThat(identities.find(id, Optional.empty())).isEmpty();
    identities.updateKey("alice", id, true);
    assertThat(identities.find(id, Optional.empty())).isPresent();
    identities.deleteKey("alice", id);
    assertThat(identities.find(id, Optional.empty())).isEmpty();
    assertRefused(Code.NO_SUCH_ENTITY, () -> identities.deleteKey("alice", id));
    identities = opened((byte) 1);
    assertThat(identities.find(id, Optional.empty())).isEmpty();
  }

  @Test
  void usersMayDoWhatTheirPoliciesSay() throws IdentityRefusal {
    identities.createUser("alice");
    Caller alice =
        identities
            .find(identities.createKey("alice").key().id(), Optional.empty())
            .orElseThrow()
            .caller();
    assertThat(may(alice, "elasticfilesystem:ClientMount")).isFalse();
    identities.putPolicy("alice", "mount", MOUNT);
    assertThat(may(alice, "elasticfilesystem:ClientMount")).isTrue();
    identities.attach(
        "alice", "arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess");
    assertThat(may(alice, "elasticfilesystem:ClientWrite")).isTrue();
    identities.deletePolicy("alice", "mount");
    identities.detach(
        "alice", "arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess");
    assertThat(may(alice, "elasticfilesystem:ClientMount")).isFalse();
    assertRefused(
        Code.MALFORMED_POLICY_DOCUMENT, () -> identities.putPolicy("alice", "broken", "{}"));
    assertRefused(
        Code.NO_SUCH_ENTITY, () -> identities.attach("alice", "arn:aws:iam::aws:policy/Nothing"));
  }

  @Test
  void usersHaveNamesLimitsAndAnEnd() throws IdentityRefusal {
    assertRefused(Code.VALIDATION, () -> identities.createUser("a b"));
    identities.createUser("alice");
    assertRefused(Code.ENTITY_ALREADY_EXISTS, () -> identities.createUser("alice"));
    String first = identities.createKey("alice").key().id();
    String second = identities.createKey("alice").key().id();
    assertRefused(Code.LIMIT_EXCEEDED, () -> identities.createKey("alice"));
    assertRefused(Code.DELETE_CONFLICT, () -> identities.deleteUser("alice"));
    for (String key : List.of(first, second)) {
      identities.deleteKey("alice", key);
    }
    identities.deleteUser("alice");
    assertThat(identities.users()).isEmpty();
    assertRefused(Code.NO_SUCH_ENTITY, () -> identities.user("alice"));
  }

  @Test
  void sessionsOutliveARestartButNotTheirUser() throws IdentityRefusal {
    identities.createUser("alice");
    Caller alice = new Caller("123456789012", identities.arn("alice"), "AKIA");
    Credential session = identities.issueSession(alice, Duration.ofHours(1));
    identities = opened((byte) 1);
    Optional<String> token = session.session().map(Credential.Session::token);
    Credential found = identities.find(session.accessKeyId(), token).orElseThrow();
    assertThat(found.secretAccessKey()).isEqualTo(session.secretAccessKey());
    assertThat(found.caller().arn()).isEqualTo(alice.arn());
    assertThat(identities.find("ASIAOTHER", token)).isEmpty();
    assertThat(identities.find(session.accessKeyId(), Optional.of("made up"))).isEmpty();
    identities.deleteUser("alice");
    assertThat(identities.find(session.accessKeyId(), token)).isEmpty();
  }
}
