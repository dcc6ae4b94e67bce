package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The client that AWS documents, {@code mount.efs} of efs-utils, unmodified and with stunnel, on a
 * host of its own: every way to mount, and every refusal with the message that its user sees.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MountEfsIT {
  private static final String SUFFIX = "efs.test";
  private static final String DENIED =
      "mount.nfs4: access denied by server while mounting 127.0.0.1:/";
  private static final String UNKNOWN = "fsap-0123456789abcdef0";
  private static final Duration LIMIT = Duration.ofMinutes(40);
  private static final int REFRESH_SECONDS = 60;

  private final Path logs = Checkout.logs("mount-efs");
  private TideFsServer server;
  private Shell host;
  private ClientWorld world;

  @BeforeAll
  void begin() {
    // Addresses of its own: clients of EFS expect port 2049, whose other addresses may be taken.
    int net = 100 + (int) (ProcessHandle.current().pid() % 100);
    server = TideFsServer.create(logs, 2049, ClientWorld.configuration(net, SUFFIX));
    world = ClientWorld.create(server.api());
    List<String> script =
        new ArrayList<>(
            List.of(
                Checkout.WORKLOADS.resolve("mount-efs").toString(),
                Checkout.efsUtils().toString(),
                SUFFIX,
                server.data().resolve("tls/ca.pem").toString()));
    world
        .addresses()
        .forEach((fileSystem, address) -> {
          script.add(address);
          script.add(fileSystem + ".efs.us-east-1." + SUFFIX);
          script.add(address); // For the test that expects another name of the same server.
          script.add(fileSystem + ".efs.us-east-1.other.test");
        });
    host = Shell.of("client", logs, LIMIT, script);
    world
        .keys()
        .forEach(
            (user, key) -> host.run("profile %s %s %s".formatted(user, key.id(), key.secret())));
  }

  @AfterEach
  void unmount() {
    host.start("mountpoint -q $MOUNT && umount -f -l $MOUNT; true");
    host.result(LIMIT);
  }

  @AfterAll
  void end() {
    try (TideFsServer stopping = server;
        Shell leaving = host) {
      leaving.leave();
      stopping.stopAndCheck();
    }
  }

  /** Mounts, which must succeed, and returns what the kernel says of it. */
  private String mounted(String device, String options) {
    host.start("efs %s %s".formatted(device, options));
    Shell.Result result = host.result(LIMIT);
    assertThat(result.status()).as("mount -o %s: %s", options, result.output()).isZero();
    return host.run("grep \" $MOUNT \" /proc/mounts");
  }

  /** Tries to mount, which must fail, and returns what the user is told. */
  private String refusal(String command) {
    host.start(command);
    Shell.Result result = host.result(LIMIT);
    assertThat(result.status()).as("%s: %s", command, result.output()).isNotZero();
    return result.output();
  }

  private void used(String name) {
    assertThat(
            host.run("cd $MOUNT && mkdir -p d && echo %1$s >d/%1$s && cat d/%1$s".formatted(name)))
        .isEqualTo(name);
    assertThat(host.run("cd /; dd if=/bin/bash of=$MOUNT/d/b bs=1M conv=fsync status=none; away"))
        .isEmpty();
  }

  @Test
  void plain() {
    assertThat(mounted(world.open(), "stunnel")).startsWith(world.open() + ".efs.us-east-1.");
    used("plain");
  }

  @Test
  void tls() {
    assertThat(mounted(world.open(), "tls,stunnel"))
        .startsWith("127.0.0.1:/ ")
        .contains("vers=4.1,rsize=1048576,wsize=1048576,", ",hard,", "timeo=600,retrans=2");
    assertThat(host.run("pgrep -x stunnel >/dev/null && echo tunnel")).isEqualTo("tunnel");
    used("tls");
    mounted(world.open(), "stunnel");
    assertThat(host.run("cat $MOUNT/d/tls; cmp $MOUNT/d/b /bin/bash && echo same"))
        .isEqualTo("tls\nsame");
  }

  @Test
  void tlsToADirectory() {
    mounted(world.open(), "stunnel");
    host.run("mkdir -p $MOUNT/below/deeper && echo there >$MOUNT/below/deeper/file && away");
    mounted(world.open() + ":/below/deeper", "tls,stunnel");
    assertThat(host.run("ls $MOUNT")).isEqualTo("file");
  }

  @Test
  void accessPointDecidesWhoItsClientsAre() {
    mounted(world.open(), "tls,stunnel,accesspoint=" + world.project());
    assertThat(host.run("stat -c '%u %g %a' $MOUNT")).isEqualTo("1000 1001 750");
    assertThat(
            host.run(
                "cd $MOUNT; touch root; setpriv --reuid 4242 --regid 4242 --clear-groups"
                    + " touch other; stat -c '%n %u %g' other root"))
        .isEqualTo("other 1000 1001\nroot 1000 1001");
    assertThat(refusal("chown 5:5 $MOUNT/root")).contains("Operation not permitted");
    assertThat(host.run("cd /; away; true")).isEmpty();
    mounted(world.open(), "stunnel");
    assertThat(host.run("stat -c '%n %u %g %a' $MOUNT/projects/alpha"))
        .isEqualTo("/mnt/efs/projects/alpha 1000 1001 750");
  }

  @Test
  void iam() {
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=full");
    host.run("install -d -m 777 $MOUNT/d && chown 5:6 $MOUNT/d");
    assertThat(host.run("stat -c '%u %g' $MOUNT/d")).isEqualTo("5 6");
    used("iam");
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=identity");
    assertThat(host.run("cat $MOUNT/d/iam")).isEqualTo("iam");
  }

  @Test
  void iamWithAccessPoint() {
    mounted(
        world.guarded(), "tls,stunnel,iam,awsprofile=writer,accesspoint=" + world.guardedProject());
    host.run("touch $MOUNT/mine");
    assertThat(host.run("stat -c '%u %g' $MOUNT/mine")).isEqualTo("2000 2000");
  }

  @Test
  void rootIsSquashedWithoutClientRootAccess() {
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=full");
    host.run("install -d -m 1777 $MOUNT/tmp; touch $MOUNT/ofroot; chmod 600 $MOUNT/ofroot; away");
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=writer");
    host.run("touch $MOUNT/tmp/squashed");
    assertThat(host.run("stat -c '%u %g' $MOUNT/tmp/squashed")).isEqualTo("65534 65534");
    assertThat(refusal("cat $MOUNT/ofroot")).contains("Permission denied");
    assertThat(refusal("chown 0 $MOUNT/tmp/squashed")).contains("Operation not permitted");
  }

  @Test
  void readerIsToldThatTheFileSystemIsReadOnly() {
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=full");
    host.run("cd $MOUNT; echo text >r; cd /; away");
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=reader");
    host.run("cd $MOUNT");
    assertThat(host.run("cat r")).isEqualTo("text");
    for (String change :
        List.of(
            "echo x >new",
            "echo x >>r",
            "mkdir d2",
            "rm r",
            "mv r s",
            "ln r s",
            "ln -s a s",
            "chmod 600 r",
            "touch -d yesterday r",
            "truncate -s 0 r",
            "mkfifo p")) {
      assertThat(refusal("{ " + change + "; } 2>&1")).contains("Read-only file system");
    }
    host.run("cd /");
  }

  Stream<Arguments> refused() {
    String ap = ",accesspoint=";
    return Stream.of(
        Arguments.of("unknown access point", world.open(), "tls,stunnel" + ap + UNKNOWN),
        Arguments.of(
            "access point of another file system",
            world.open(),
            "tls,stunnel" + ap + world.guardedProject()),
        Arguments.of("unsigned", world.guarded(), "tls,stunnel"),
        Arguments.of("deleted key", world.guarded(), "tls,stunnel,iam,awsprofile=gone"),
        Arguments.of("wrong secret", world.guarded(), "tls,stunnel,iam,awsprofile=liar"),
        Arguments.of("nothing allows", world.guarded(), "tls,stunnel,iam,awsprofile=stranger"),
        Arguments.of("policy denies", world.guarded(), "tls,stunnel,iam,awsprofile=banned"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusalIsWhatTheDocumentationSays(String why, String device, String options) {
    assertThat(refusal("efs %s %s".formatted(device, options))).as(why).contains(DENIED);
  }

  @Test
  void refusalOfPlainNfsNamesTheServer() {
    assertThat(refusal("efs %s stunnel".formatted(world.guarded())))
        .contains(
            "mount.nfs4: access denied by server while mounting %s.efs.us-east-1.%s:/"
                .formatted(world.guarded(), SUFFIX));
  }

  @Test
  void accessPointWithoutItsDirectoryIsNotThere() {
    assertThat(
            refusal("efs %s tls,stunnel,accesspoint=%s".formatted(world.open(), world.missing())))
        .contains(
            "mount.nfs4: mounting 127.0.0.1:/ failed, reason given by server:"
                + " No such file or directory");
  }

  @Test
  void expiredCertificateIsRefused() {
    // The client's clock is four hours late, so its certificate of three hours is over. Its own
    // look at the server's, which for it has not begun, is switched off.
    host.run("now=$(date +%s); date -s @$((now - 4 * 3600)) >/dev/null");
    try {
      String unchecked = "with stunnel_check_cert_hostname false efs %s tls,stunnel,verify=0";
      assertThat(refusal(unchecked.formatted(world.open()))).contains(DENIED);
      assertThat(server.api().events()).contains("the certificate has expired");
    } finally {
      host.run("date -s @$((now + 60)) >/dev/null");
    }
    mounted(world.open(), "tls,stunnel");
  }

  @Test
  void otherAuthorityOrNameStopsTheClient() {
    String ca = "with stunnel_cafile /etc/amazon/efs/efs-utils.crt efs %s tls,stunnel,retry=0";
    String name = "with dns_name_suffix other.test efs %s tls,stunnel,retry=0";
    for (String command : List.of(ca, name)) {
      // Whichever the kernel meets at its last attempt: a reset, or a connection that says nothing,
      // for some time or until it gives up.
      assertThat(refusal(command.formatted(world.open())))
          .containsAnyOf(
              "Connection reset by peer",
              "mount.nfs4: mount system call failed",
              "mount.nfs4: Connection timed out");
    }
  }

  @Test
  void changesReachAMountWithinAMinute() {
    mounted(world.guarded(), "tls,stunnel,iam,awsprofile=temporary");
    host.run("cd $MOUNT; echo text >live; cd /");
    world.allow("temporary", "elasticfilesystem:ClientMount");
    assertThat(becomes("touch $MOUNT/live$i 2>&1", "Read-only file system")).isTrue();
    assertThat(host.run("cat $MOUNT/live")).isEqualTo("text");
    world.deleteKey("temporary");
    assertThat(becomes("ls -l $MOUNT/live /mnt/efs/. 2>&1", "Permission denied")).isTrue();
    assertThat(server.api().events())
        .contains("\"UpdateClientConnection\"", "\"NewClientConnection\"", "user/temporary");
  }

  /** Runs {@code tidefs}, which must end with {@code status}; returns what it said. */
  private String tidefs(int status, String arguments) {
    host.start("%s %s 2>&1".formatted(Checkout.ROOT.resolve("tidefs"), arguments));
    Shell.Result result = host.result(LIMIT);
    assertThat(result.status()).as("tidefs %s: %s", arguments, result.output()).isEqualTo(status);
    return result.output();
  }

  /** A mount by the name in DNS, as there is no API that the host could ask. */
  private String own(String device, String more) {
    return "mount %s $MOUNT --endpoint-url http://127.0.0.1:1 --suffix %s %s"
        .formatted(device, SUFFIX, more);
  }

  @Test
  void tidefsMountsPlainAndEncrypted() {
    assertThat(tidefs(0, own(world.open(), ""))).endsWith(" is mounted on /mnt/efs.");
    assertThat(tidefs(1, own(world.open(), ""))).contains("/mnt/efs is in use");
    used("own");
    String ca = " --ca " + server.data().resolve("tls/ca.pem");
    assertThat(tidefs(0, own(world.open(), "--tls" + ca))).endsWith("/mnt/efs, encrypted.");
    assertThat(host.run("grep ' /mnt/efs ' /proc/mounts")).startsWith("127.0.0.1:/ ");
    assertThat(
            host.run(
                "cat $MOUNT/d/own; dd if=/bin/bash of=$MOUNT/d/c bs=1M conv=fsync"
                    + " status=none; cmp /bin/bash $MOUNT/d/c && echo same"))
        .isEqualTo("own\nsame");
    assertThat(tidefs(0, "unmount /mnt/efs")).contains("no longer mounted");
    assertThat(becomes("pgrep -fc 'tidefs.Main forward'", "^0$")).isTrue();
    assertThat(host.run("ls /tmp | grep tidefs-forward- || echo none")).isEqualTo("none");
  }

  @Test
  void tidefsMountsByAccessPointAndSigns() {
    String ca = " --ca " + server.data().resolve("tls/ca.pem");
    tidefs(0, own(world.open(), "--access-point " + world.project() + ca));
    host.run("touch $MOUNT/byTidefs");
    assertThat(host.run("stat -c '%u %g' $MOUNT/byTidefs; away")).isEqualTo("1000 1001");
    ClientWorld.Key key = world.key("full");
    host.run(
        "export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY='%s'".formatted(key.id(), key.secret()));
    tidefs(0, own(world.guarded(), "--iam" + ca));
    host.run("chown 5:6 $MOUNT/. && chown 0:0 $MOUNT/.; away");
    host.run("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void tidefsSaysWhyItCannotMount() {
    String ca = " --ca " + server.data().resolve("tls/ca.pem");
    assertThat(tidefs(1, own(world.guarded(), "--tls" + ca)))
        .contains("The server lets this client in to nothing", "access denied by server");
    String foreign = " --ca /etc/amazon/efs/efs-utils.crt";
    assertThat(tidefs(1, own(world.open(), "--tls" + foreign)))
        .contains("certificate is not from the authority in /etc/amazon/efs/efs-utils.crt");
    String other = own(world.open(), "--tls" + ca).replace(SUFFIX, "other.test");
    assertThat(tidefs(1, other)).contains("the server proves another name than");
    String port = own(world.open(), "--port 1");
    assertThat(tidefs(1, port)).contains("nothing listens at");
    assertThat(tidefs(1, own(world.open() + ":/absent", "")))
        .contains("The path, or the access point's directory, does not exist");
    assertThat(tidefs(1, own("fs-0123456789abcdef0", ""))).contains("cannot be found");
  }

  private boolean becomes(String command, String expected) {
    host.start(
        "for i in {1..%d}; do %s | grep -q '%s' && break; sleep 1; done; test $i -lt %d"
            .formatted(REFRESH_SECONDS, command, expected, REFRESH_SECONDS));
    return host.result(LIMIT).status() == 0;
  }
}
