package tidefs.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.FileSystem;
import tidefs.control.LifeCycleState;
import tidefs.control.MountTarget;
import tidefs.control.MountTargetDescription;
import tidefs.control.NewDestination;
import tidefs.control.NewFileSystem;
import tidefs.control.NewMountTarget;
import tidefs.control.OverwriteProtection;
import tidefs.control.PageRequest;
import tidefs.control.PerformanceMode;
import tidefs.control.Replication;
import tidefs.control.Tags;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.server.config.Configuration;
import tidefs.server.config.Options;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;
import tidefs.testkit.Credentials;
import tidefs.testkit.Entry;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;

/** Two servers that check signatures, each a Region, and file systems that follow others. */
final class RegionsTest {
  private static final String NEAR = "us-east-1";
  private static final String FAR = "eu-west-1";
  private static final String SECRET = "Rindfleischetikettierung";

  @TempDir private Path folder;
  private int nearPort;
  private int farPort;
  private int clients;

  @BeforeEach
  void choosePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.1.4"));
        ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.1.4"))) {
      nearPort = one.getLocalPort();
      farPort = other.getLocalPort();
    }
  }

  @Test
  void anEncryptedFileSystemIsCopiedBySignedRequestsAndLiesEncrypted() throws Exception {
    try (Server far = far()) {
      var key = far.firstKey().orElseThrow();
      String source;
      try (Server near = near(far, key.key().id(), "x".repeat(40))) {
        source = create(near.control(), "source", true);
        write(near, source, "small", SECRET);
        assertThatThrownBy(() -> replicate(near, source, to(FAR)))
            .isInstanceOf(ApiRefusal.class)
            .hasMessageContaining("The Region 'eu-west-1' cannot do it")
            .hasMessageContaining("signature");
        assertThat(near.control().replications().all()).isEmpty();
        assertThat(far.control().replications().all()).isEmpty();
      }
      try (Server near = near(far, key.key().id(), key.secret())) {
        String copy = replicate(near, source, to(FAR));
        FileSystem made = far.control().fileSystems().describe(copy).fileSystem();
        assertThat(made.kind().encrypted()).isTrue();
        assertThat(made.kind().kmsKeyId().orElseThrow()).startsWith("arn:aws:kms:" + FAR);
        awaitEnabled(near, source);
        try (NfsClient client = client(far, copy)) {
          assertThat(text(client, "small")).isEqualTo(SECRET);
          assertThatThrownBy(() -> client.mkdir(client.root(), "no", 0755))
              .isInstanceOfSatisfying(
                  NfsFailure.class, e -> assertThat(e.status()).isEqualTo(Status.ROFS));
          write(near, source, "later", SECRET.repeat(100_000));
          ServerProcess.until(() -> text(client, "later").length() == SECRET.length() * 100_000);
        }
        assertThat(holds(folder.resolve(FAR).resolve("data").resolve(copy), SECRET)).isFalse();
      }
    }
  }

  @Test
  void aConfigurationThatIsDeletedOnOneSideAloneStaysOnTheOther() throws Exception {
    try (Server far = far()) {
      var key = far.firstKey().orElseThrow();
      try (Server near = near(far, key.key().id(), key.secret())) {
        String source = create(near.control(), "source", false);
        write(near, source, "file", "one");
        String copy = replicate(near, source, to(FAR));
        awaitEnabled(near, source);
        near.control().replications().delete(source, true);
        assertThat(near.control().replications().all()).isEmpty();
        assertThat(far.control().replications().all())
            .singleElement()
            .satisfies(it -> assertThat(it.id()).isEqualTo(source));
        assertThat(protection(far, copy)).isEqualTo(OverwriteProtection.REPLICATING);
        try (NfsClient client = client(far, copy)) {
          assertThatThrownBy(() -> client.mkdir(client.root(), "no", 0755))
              .isInstanceOf(NfsFailure.class);
        }
        far.control().replications().delete(source, true);
        ServerProcess.until(() -> far.control().replications().all().isEmpty());
        assertThat(protection(far, copy)).isEqualTo(OverwriteProtection.ENABLED);
        write(far, copy, "own", "two");

        String second = replicate(near, source, to(FAR));
        assertThat(second).isNotEqualTo(copy);
        awaitEnabled(near, source);
        far.control().replications().delete(source, true);
        ServerProcess.until(() -> far.control().replications().all().isEmpty());
        write(near, source, "another", "three");
        ServerProcess.until(() -> near.control().replications().all().isEmpty());
        near.control().fileSystems().delete(mountless(near, source));
      }
    }
  }

  @Test
  void aDestinationThatHeldSomethingElseIsEmptiedFirst() throws Exception {
    try (Server far = far()) {
      var key = far.firstKey().orElseThrow();
      try (Server near = near(far, key.key().id(), key.secret())) {
        String source = create(near.control(), "source", true);
        write(near, source, "new", "new");
        for (Server there : List.of(near, far)) {
          String copy = create(there.control(), "copy", true);
          write(there, copy, "old", SECRET);
          write(there, copy, "new", SECRET);
          there.control().settings().putProtection(copy, OverwriteProtection.DISABLED);
          NewDestination onto =
              new NewDestination(
                  Optional.of(there == near ? NEAR : FAR),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(copy),
                  Optional.empty());
          assertThat(replicate(near, source, onto)).isEqualTo(copy);
          awaitEnabled(near, source);
          try (NfsClient client = client(there, copy)) {
            assertThat(client.readdir(client.root()).stream().map(Entry::name))
                .containsExactly("new");
            assertThat(text(client, "new")).isEqualTo("new");
          }
          near.control().replications().delete(source, false);
          ServerProcess.until(() -> near.control().replications().all().isEmpty());
          ServerProcess.until(() -> far.control().replications().all().isEmpty());
          write(there, copy, "own", "own");
        }
      }
    }
  }

  @Test
  void aDestinationIsMadeAgainWhereverItsEmptyingWasCutOff() throws Exception {
    String source;
    String copy;
    try (Server near = start(NEAR, nearPort, QUICKLY)) {
      source = create(near.control(), "source", true);
      write(near, source, "file", SECRET);
      copy = replicate(near, source, to(NEAR));
      awaitEnabled(near, source);
      try (NfsClient client = client(near, copy)) {
        assertThat(text(client, "file")).isEqualTo(SECRET);
      }
    }
    Path data = folder.resolve(NEAR).resolve("data");
    for (Cut cut : Cut.values()) {
      cut.make(data, copy);
      try (Server near = start(NEAR, nearPort, QUICKLY)) {
        ServerProcess.until(() -> isFormatted(data, copy));
        ServerProcess.until(() -> {
          try (NfsClient client = client(near, copy)) {
            return text(client, "file").equals(SECRET);
          } catch (IOException e) {
            return false; // Connections end while the destination is made again.
          }
        });
        assertThat(holds(data.resolve(copy), SECRET)).as("in clear after %s", cut).isFalse();
      }
    }
  }

  private static final String QUICKLY = "replication:\n  interval-seconds: 1\n";

  private static boolean isFormatted(Path data, String fileSystem) {
    return Files.exists(data.resolve(fileSystem).resolve("chunks"));
  }

  /** Where the process ends while a destination is replaced by an empty one. */
  private enum Cut {
    FOLDER_IS_GONE,
    KEY_IS_MADE,
    STORE_IS_EMPTY;

    void make(Path data, String fileSystem) throws IOException {
      Path at = data.resolve(fileSystem);
      byte[] key = Files.readAllBytes(at.resolve("data.key"));
      DataDirectory.deleteTree(at);
      if (this == FOLDER_IS_GONE) {
        return;
      }
      Files.createDirectory(at);
      Files.write(at.resolve("data.key"), key);
      if (this == STORE_IS_EMPTY) {
        try (StoreResources resources = new StoreResources(16 << 20);
            LocalStorage storage =
                LocalStorage.open(data, resources, Clock.system(), Chance.system(), 1 << 20)) {
          storage.metadata(fileSystem).close();
        }
      }
    }
  }

  private Server far() {
    return start(FAR, farPort, "");
  }

  private Server near(Server far, String keyId, String secret) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), secret);
    return start(
        NEAR,
        nearPort,
        """
        replication:
          interval-seconds: 1
          regions:
            - name: %s
              url: %s
              key-id: %s
              secret-file: %s
        """
            .formatted(FAR, far.apiUrl(), keyId, file));
  }

  private Server start(String region, int port, String more) {
    Path home = folder.resolve(region);
    Path file = home.resolve("tidefs.yaml");
    try {
      Files.createDirectories(home);
      Files.writeString(file, "nfs:\n  port: " + port + "\n  grace-seconds: 0\n" + more);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Options options =
        new Options(
            Optional.of(home.resolve("data").toString()),
            Optional.of("127.0.0.1:0"),
            Optional.of(region),
            Optional.empty(),
            false);
    return Server.start(Configuration.load(Optional.of(file), options));
  }

  /** A new file system, available. */
  private static String create(Control control, String token, boolean encrypted) throws Exception {
    String id =
        control
            .fileSystems()
            .create(
                new NewFileSystem(
                    token,
                    PerformanceMode.GENERAL_PURPOSE,
                    new NewFileSystem.Encryption(encrypted, Optional.empty()),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Tags.NONE))
            .fileSystem()
            .id();
    awaitAvailable(control, id);
    return id;
  }

  private static void awaitAvailable(Control control, String id) throws Exception {
    ServerProcess.until(
        () -> control.fileSystems().describe(id).fileSystem().state() == LifeCycleState.AVAILABLE);
  }

  private static NewDestination to(String region) {
    return new NewDestination(
        Optional.of(region),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static String replicate(Server from, String source, NewDestination to) throws ApiRefusal {
    return from.control().replications().create(source, to).destination().fileSystemId();
  }

  private static void awaitEnabled(Server from, String source) throws Exception {
    ServerProcess.until(() -> {
      Replication found = from.control().replications().ofSource(source).orElseThrow();
      return found.status() == Replication.Status.ENABLED && found.progress().complete();
    });
  }

  /** The file system, after its mount targets are gone. */
  private static String mountless(Server server, String id) throws Exception {
    var targets = server.control().mountTargets();
    for (var each : targets.ofFileSystem(id, PageRequest.FIRST).entries()) {
      targets.delete(each.mountTarget().id());
    }
    ServerProcess.until(() -> targets.ofFileSystem(id, PageRequest.FIRST).entries().isEmpty());
    return id;
  }

  private static OverwriteProtection protection(Server server, String id) throws ApiRefusal {
    return server.control().fileSystems().describe(id).fileSystem().settings().protection();
  }

  /** A client of a file system's mount target, which is made if there is none. */
  private NfsClient client(Server server, String fileSystem) throws Exception {
    Control control = server.control();
    List<MountTargetDescription> all =
        control.mountTargets().ofFileSystem(fileSystem, PageRequest.FIRST).entries();
    if (all.isEmpty()) {
      awaitAvailable(control, fileSystem);
      var _ =
          control
              .mountTargets()
              .create(
                  new NewMountTarget(
                      fileSystem,
                      control.network().subnets().getFirst().id(),
                      Optional.empty(),
                      List.of()));
    }
    ServerProcess.until(() -> target(control, fileSystem).state() == LifeCycleState.AVAILABLE);
    int port = control.account().region().equals(NEAR) ? nearPort : farPort;
    var address = new InetSocketAddress(target(control, fileSystem).address(), port);
    ServerProcess.until(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(address, 1_000);
        return true;
      } catch (ConnectException e) {
        return false;
      }
    });
    return NfsClient.connect(address, 2, Credentials.ROOT, "client" + clients++);
  }

  private static MountTarget target(Control control, String fileSystem) throws ApiRefusal {
    return control
        .mountTargets()
        .ofFileSystem(fileSystem, PageRequest.FIRST)
        .entries()
        .getFirst()
        .mountTarget();
  }

  private void write(Server server, String fileSystem, String name, String text) throws Exception {
    try (NfsClient client = client(server, fileSystem)) {
      OpenFile file = client.create(client.root(), name, 0644);
      byte[] bytes = text.getBytes(UTF_8);
      for (int at = 0; at < bytes.length; at += 1 << 20) {
        int end = Math.min(bytes.length, at + (1 << 20));
        byte[] part = java.util.Arrays.copyOfRange(bytes, at, end);
        client.write(file, at, Stability.FILE_SYNC, part);
      }
      client.close(file);
    }
  }

  /** A file's contents; empty if there is none. */
  private static String text(NfsClient client, String name) throws IOException {
    try {
      return new String(client.readAll(client.lookup(client.root(), name)), UTF_8);
    } catch (NfsFailure e) {
      assertThat(e.status()).isEqualTo(Status.NOENT);
      return "";
    }
  }

  private static boolean holds(Path place, String text) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains(text)) {
          return true;
        }
      }
    }
    return false;
  }
}
