package tidefs.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.api.cloudtrail.ClientEvent;
import tidefs.control.PosixUser;
import tidefs.iam.Caller;
import tidefs.iam.Credential;
import tidefs.iam.identity.Identities;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.Credentials;
import tidefs.testkit.MountCertificate;
import tidefs.testkit.NfsClient;

/** Who is let in, what is noted of it, and what becomes of open connections when rights change. */
final class LiveChangesTest extends ClientTest {
  private static final String OTHER_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  private Identities.NewKey full;

  @BeforeEach
  void prepare() throws Exception {
    full = rig.user("full");
    allowEverything();
  }

  private void allowEverything() throws Exception {
    rig.policy(
        fileSystem,
        rig.statement("Allow", "full", ClientRig.MOUNT, ClientRig.WRITE, ClientRig.ROOT));
  }

  private NfsClient mount(MountCertificate shown) throws IOException {
    return rig.mount(fileSystem, 1, shown, Credentials.ROOT);
  }

  private void turnedAway(MountCertificate shown, String reason) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> mount(shown).close())
        .withMessageContaining("refused");
    ClientEvent event = rig.lastEvent();
    assertThat(event.name()).isEqualTo("NewClientConnection");
    assertThat(event.refusal()).contains(reason);
    assertThat(List.of(event.mount(), event.write(), event.root())).containsOnly(false);
  }

  @Test
  void policyThatChangesReachesOpenConnections() throws Exception {
    try (NfsClient client = mount(rig.certificate(fileSystem, full))) {
      var file = client.create(client.root(), "f", 0600);
      rig.policy(fileSystem, rig.statement("Allow", "full", ClientRig.MOUNT));
      rig.refresh();
      refused(Status.ROFS, () -> client.write(file, 0, Stability.UNSTABLE, new byte[1]));
      refused(Status.ACCESS, () -> client.readAll(client.lookup("/f"))); // Root is squashed.
      assertThat(client.readdir(client.root())).hasSize(1);
      allowEverything();
      rig.refresh();
      client.write(file, 0, Stability.UNSTABLE, new byte[1]);
      rig.policy(fileSystem, rig.statement("Deny", "*", ClientRig.MOUNT));
      rig.refresh();
      refused(Status.ACCESS, client::root);
      refused(Status.ACCESS, () -> client.read(file, 0, 1));
      refused(Status.ACCESS, () -> client.write(file, 0, Stability.UNSTABLE, new byte[1]));
    }
    List<String> told =
        rig.trail.latest(10).reversed().stream()
            .map(it -> "%s %s %s %s".formatted(it.name(), it.mount(), it.write(), it.root()))
            .toList();
    assertThat(told)
        .containsExactly(
            "NewClientConnection true true true",
            "UpdateClientConnection true false false",
            "UpdateClientConnection true true true",
            "UpdateClientConnection false false false");
  }

  @Test
  void connectionsOfAPlainClientFollowThePolicyToo() throws Exception {
    rig.policy(fileSystem, rig.statement("Allow", "*", ClientRig.MOUNT, ClientRig.WRITE));
    try (NfsClient client = rig.mountPlain(fileSystem, 0, Credentials.of(7, 7))) {
      client.root();
      allowEverything(); // But nobody who does not sign.
      rig.refresh();
      refused(Status.ACCESS, client::root);
    }
  }

  @Test
  void deletedOrInactiveKeyRevokesItsOpenConnections() throws Exception {
    var other = rig.identities.createKey("full");
    try (NfsClient client = mount(rig.certificate(fileSystem, full));
        NfsClient twin = mount(rig.certificate(fileSystem, other))) {
      rig.identities.deleteKey("full", full.key().id());
      rig.refresh();
      refused(Status.ACCESS, client::root);
      twin.root();
      rig.identities.updateKey("full", other.key().id(), false);
      rig.refresh();
      refused(Status.ACCESS, twin::root);
      rig.identities.updateKey("full", other.key().id(), true);
      rig.refresh();
      twin.root();
    }
    turnedAway(rig.certificate(fileSystem, full), "the access key is unknown");
  }

  @Test
  void userWhoIsGoneLosesWhatHisSessionMayDo() throws Exception {
    Caller caller = new Caller(ControlPlane.ACCOUNT, rig.identities.arn("full"), full.key().id());
    Credential session = rig.identities.issueSession(caller, Duration.ofHours(1));
    String token = session.session().orElseThrow().token();
    MountCertificate shown =
        rig.certificate(fileSystem)
            .signed(session.accessKeyId(), session.secretAccessKey(), token, rig.clock.now());
    try (NfsClient client = mount(shown)) {
      client.root();
      rig.identities.deleteKey("full", full.key().id());
      rig.identities.deleteUser("full");
      rig.refresh();
      refused(Status.ACCESS, client::root);
    }
    turnedAway(shown, "the access key is unknown");
  }

  @Test
  void eventsSayWhoCameByWhichAccessPoint() throws Exception {
    String accessPoint = rig.accessPoint(fileSystem, new PosixUser(1000, 1000, List.of()), "/home");
    mount(rig.certificate(fileSystem, full).accessPoint(accessPoint)).close();
    ClientEvent event = rig.lastEvent();
    assertThat(event.caller().map(Caller::arn)).contains(rig.identities.arn("full"));
    assertThat(event.fileSystemArn()).endsWith(":file-system/" + fileSystem);
    assertThat(event.accessPointArn().orElseThrow()).endsWith(":access-point/" + accessPoint);
    assertThat(event.sourceAddress()).isEqualTo("127.0.0.1");
    assertThat(event.refusal()).isEmpty();
  }

  @Test
  void whoMayNotMountIsRefusedAndNotTold() throws Exception {
    var nobody = rig.certificate(fileSystem);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> mount(nobody));
    assertThat(rig.lastEvent().mount()).isFalse();
    assertThat(rig.lastEvent().refusal()).isEmpty(); // A matter of policies.
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> rig.mountPlain(fileSystem, 1, Credentials.ROOT));
  }

  @Test
  void certificatesThatAreNotBelievedAreRefused() throws Exception {
    Instant now = rig.clock.now();
    Duration day = Duration.ofDays(1);
    String id = full.key().id();
    String second = rig.fileSystem();
    String foreign = rig.accessPoint(second, new PosixUser(1, 1, List.of()), "/x");
    turnedAway(
        rig.certificate(fileSystem, full).valid(now.minus(day), now.minusSeconds(1)),
        "the certificate has expired or is not yet valid");
    turnedAway(
        rig.certificate(fileSystem, full).valid(now.plusSeconds(1), now.plus(day)),
        "the certificate has expired or is not yet valid");
    turnedAway(
        rig.certificate(fileSystem).signed(id, full.secret(), now.minus(day)),
        "the signature has expired");
    turnedAway(
        rig.certificate(fileSystem).signed(id, full.secret(), now.plusSeconds(301)),
        "the signature has expired");
    turnedAway(
        rig.certificate(fileSystem).signed(id, OTHER_SECRET, now), "the signature does not match");
    turnedAway(
        rig.certificate(fileSystem).signedFor(second).signed(id, full.secret(), now),
        "the signature does not match");
    turnedAway(
        rig.certificate(fileSystem).signature(id, "", now, ""), "the signature does not match");
    turnedAway(
        rig.certificate(fileSystem).signed("AKIAIOSFODNN7EXAMPLE", OTHER_SECRET, now),
        "the access key is unknown");
    turnedAway(rig.certificate(second, full), "the certificate names another file system");
    turnedAway(
        rig.certificate(fileSystem, full).accessPoint("fsap-0123456789abcdef0"),
        "the access point does not exist");
    turnedAway(
        rig.certificate(fileSystem, full).accessPoint(foreign),
        "the access point is not available for this file system");
  }

  @Test
  void accessPointThatIsDeletedKeepsItsConnectionsAndTakesNoMore() throws Exception {
    String accessPoint = rig.accessPoint(fileSystem, new PosixUser(1000, 1000, List.of()), "/home");
    var shown = rig.certificate(fileSystem, full).accessPoint(accessPoint);
    try (NfsClient client = mount(shown)) {
      rig.plane.control.accessPoints().delete(accessPoint);
      rig.plane.settle();
      rig.refresh();
      client.mkdir(client.root(), "still", 0700);
    }
    turnedAway(shown, "the access point does not exist");
  }

  @Test
  void mountsWithDifferentRightsAreDifferentServers() throws Exception {
    var second = rig.user("second");
    rig.policy(
        fileSystem,
        Stream.of("full", "second")
            .map(user -> rig.statement("Allow", user, ClientRig.MOUNT, ClientRig.WRITE))
            .toArray(String[]::new));
    try (NfsClient one = mount(rig.certificate(fileSystem, full));
        NfsClient other = mount(rig.certificate(fileSystem, second))) {
      // A session of one is not known to the server that the other talks to.
      var stolen = new Compound(1).sequence(one.wire().session(), 99, 5, 15, false).putRootFh();
      assertThat(other.wire().call(stolen).status()).isEqualTo(Status.BADSESSION);
      assertThat(Optional.of(one.wire().session()))
          .isNotEqualTo(Optional.of(other.wire().session()));
    }
  }
}
