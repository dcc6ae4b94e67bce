package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.control.MountTarget;
import tidefs.server.config.Configuration;
import tidefs.server.config.Options;

/** The whole server in this process: what it refuses to start on, and what outlives it. */
final class ServerTest {
  @TempDir private Path folder;
  private int nfsPort;

  @BeforeEach
  void chooseAPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.1.4"))) {
      nfsPort = free.getLocalPort();
    }
  }

  @Test
  void aFirstMountTargetIsMadeServedAndKept() throws IOException {
    MountTarget made;
    try (Server server = Server.start(configuration("127.0.0.1:0", ""))) {
      made = new FirstMountTarget(server.control()).get();
      assertThat(new FirstMountTarget(server.control()).get().id()).isEqualTo(made.id());
      assertThat(connects(made)).isTrue();
    }
    assertThat(connects(made)).isFalse();
    try (Server server = Server.start(configuration("127.0.0.1:0", ""))) {
      MountTarget kept = new FirstMountTarget(server.control()).get();
      assertThat(kept.id()).isEqualTo(made.id());
      assertThat(kept.fileSystemId()).isEqualTo(made.fileSystemId());
    }
  }

  @Test
  void twoServersDoNotShareADataDirectory() {
    try (Server _ = Server.start(configuration("127.0.0.1:0", ""))) {
      assertThatThrownBy(() -> Server.start(configuration("127.0.0.1:0", "")))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("is in use by the server with process id")
          .extracting(e -> ((CommandException) e).exitCode())
          .isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void aTakenApiPortIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> Server.start(configuration(address, "")))
          .isInstanceOf(CommandException.class)
          .hasMessageStartingWith("cannot listen on " + address + ": another program uses this");
    }
    Server.start(configuration("127.0.0.1:0", "")).close(); // The failed start left no lock behind.
  }

  @Test
  void anApiThatAnyoneReachesIsRefused() {
    assertThatThrownBy(() -> Server.start(configuration("0.0.0.0:0", "")))
        .hasMessageContaining("allowed on a loopback address only");
  }

  @Test
  void anAddressThatTheHostLacksIsNamed() {
    assertThatThrownBy(
            () -> Server.start(configuration("127.0.0.1:0", "  shared: 192.0.2.1:2049\n")))
        .hasMessageStartingWith("cannot listen on 192.0.2.1:2049: this host does not have that");
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/letter.txt"), "Dear");
    assertThatThrownBy(() -> Server.start(configuration("127.0.0.1:0", "")))
        .hasMessageContaining("is not empty and not a data directory of TideFS (it holds 'letter");
  }

  @Test
  void aNetworkThatLeavesNoPlaceForACreatedSubnetIsAWrongConfiguration() throws Exception {
    String made;
    try (Server server = Server.start(configuration("127.0.0.1:0", ""))) {
      var networking = server.control().networking();
      String vpc = networking.createVpc("10.9.0.0/16").id();
      made = networking.createSubnet(vpc, "10.9.1.0/24", Optional.empty()).id();
      networking.createSubnet("vpc-0000000000000127f", "127.0.77.0/24", Optional.empty());
    }
    String network =
        """
        network:
          zones:
            - { name: us-east-1a, id: use1-az1 }
          vpcs:
            - id: vpc-0a0b0c0d
              cidr: 10.9.0.0/16
              default-security-group: sg-0a0b0c0d
              default: true
          subnets:
            - id: subnet-0a0b0c0d
              vpc: vpc-0a0b0c0d
              zone: us-east-1a
              cidr: 10.9.1.0/24
              addresses: []
        """;
    assertThatThrownBy(() -> Server.start(configuration("127.0.0.1:0", "", network)))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("the network of the configuration clashes with ")
        .hasMessageContaining("which was created by a call of the API")
        .extracting(e -> ((CommandException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
    try (Server server = Server.start(configuration("127.0.0.1:0", ""))) {
      assertThat(server.control().network().subnet(made)).isPresent();
    }
  }

  private Configuration configuration(String api, String nfs) {
    return configuration(api, nfs, "");
  }

  private Configuration configuration(String api, String nfs, String more) {
    Path file = folder.resolve("tidefs.yaml");
    try {
      Files.writeString(file, "nfs:\n  port: " + nfsPort + "\n" + nfs + more);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Options options =
        new Options(
            Optional.of(folder.resolve("data").toString()),
            Optional.of(api),
            Optional.empty(),
            Optional.empty(),
            true);
    return Configuration.load(Optional.of(file), options);
  }

  private boolean connects(MountTarget target) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.address(), nfsPort), 1_000);
      return true;
    } catch (java.net.ConnectException e) {
      return false;
    }
  }
}
