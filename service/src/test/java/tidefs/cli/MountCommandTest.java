package tidefs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tidefs mount} and {@code unmount}: what they do on a host, and what they say else. */
final class MountCommandTest {
  private static final String FS = "fs-0123456789abcdef0";
  private static final String TARGETS =
      """
      {"MountTargets":[
        {"MountTargetId":"fsmt-1","LifeCycleState":"creating","IpAddress":"192.0.2.4"},
        {"MountTargetId":"fsmt-2","LifeCycleState":"available","IpAddress":"192.0.2.5"}]}
      """;

  /** A host that does what a test wants. */
  private static final class FakeHost implements Host {
    private final List<String> ran = new ArrayList<>();
    private final Set<String> programs = new TreeSet<>(Set.of("mount.nfs4"));
    private boolean root = true;
    private Optional<Mount> mounted = Optional.empty();
    private Optional<String> unreachable = Optional.empty();
    private Result result = new Result(0, "");
    private String address = "";
    private boolean forwarderEnded;

    @Override
    public boolean isRoot() {
      return root;
    }

    @Override
    public boolean hasProgram(String name) {
      return programs.contains(name);
    }

    @Override
    public void makeDirectory(Path directory) {
      ran.add("mkdir " + directory);
    }

    @Override
    public Optional<Mount> mountedOn(Path directory) {
      return mounted;
    }

    @Override
    public Optional<InetAddress> resolve(String name) {
      if (name.matches("[0-9.]+")) {
        return Optional.of(InetAddress.ofLiteral(name));
      }
      return name.equals(address)
          ? Optional.of(InetAddress.ofLiteral("192.0.2.9"))
          : Optional.empty();
    }

    @Override
    public void check(InetSocketAddress server) {
      unreachable.ifPresent(why -> {
        throw new CommandException(ExitCode.FAILED, why);
      });
    }

    @Override
    public Result run(List<String> command) {
      ran.add(String.join(" ", command));
      return result;
    }

    @Override
    public Forwarder forward(List<String> arguments) {
      ran.add(String.join(" ", arguments));
      return new Forwarder(4711, 20_049);
    }

    @Override
    public void end(Forwarder forwarder) {
      forwarderEnded = true;
    }
  }

  private final FakeHost host = new FakeHost();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer api;
  private int status = 200;
  private String body = TARGETS;
  private String asked = "";

  @TempDir private Path directory;

  @BeforeEach
  void serve() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext(
        "/",
        exchange -> {
          asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    api.start();
  }

  @AfterEach
  void stop() {
    api.stop(0);
  }

  private int run(String... arguments) {
    return new Cli(host).run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private int mount(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "mount",
                FS,
                directory.toString(),
                "--endpoint-url",
                "http://127.0.0.1:" + api.getAddress().getPort()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private void refused(String... words) {
    assertThat(err.toString()).startsWith("tidefs: ").contains(words);
    assertThat(host.ran).noneMatch(it -> it.startsWith("mount "));
  }

  @Test
  void mountTargetThatIsAvailableIsMountedAsRecommended() {
    assertThat(mount()).as(err::toString).isZero();
    assertThat(asked).isEqualTo("GET /2015-02-01/mount-targets?FileSystemId=" + FS);
    assertThat(host.ran)
        .containsExactly(
            "mount -t nfs4 -o nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,"
                + "noresvport,port=2049 192.0.2.5:/ "
                + directory);
    assertThat(out.toString()).contains(FS + " is mounted on " + directory + ".");
  }

  @Test
  void addressPortVersionPathAndOptionsAreTheUsers() {
    int done =
        run(
            "mount",
            FS + ":/a/b",
            directory.toString(),
            "--address",
            "198.51.100.7",
            "--port",
            "3049",
            "--nfs-version",
            "4.2",
            "-o",
            "ro,nosuid");
    assertThat(done).as(err::toString).isZero();
    assertThat(asked).isEmpty();
    assertThat(host.ran.getFirst())
        .startsWith("mount -t nfs4 -o nfsvers=4.2,")
        .contains(",ro,nosuid,port=3049 198.51.100.7:/a/b ");
  }

  @Test
  void directoryOfTheFileSystemsNameIsMade() {
    assertThat(run("mount", FS, "--address", "192.0.2.5")).isEqualTo(ExitCode.FAILED);
    assertThat(host.ran).containsExactly("mkdir /mnt/" + FS); // The fake one has made nothing.
    assertThat(err.toString()).contains("/mnt/" + FS + " does not exist");
  }

  @Test
  void withTlsTheKernelMountsTheForwarder() throws IOException {
    Path ca = Files.writeString(directory.resolve("ca.pem"), "-");
    assertThat(mount("--access-point", "fsap-0123456789abcdef0", "--ca", ca.toString())).isZero();
    assertThat(host.ran)
        .containsExactly(
            "forward "
                + FS
                + " 192.0.2.5 2049 --ca "
                + ca
                + " --suffix amazonaws.com"
                + " --region us-east-1 --access-point fsap-0123456789abcdef0",
            "mount -t nfs4 -o nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,"
                + "noresvport,port=20049 127.0.0.1:/ "
                + directory);
    assertThat(out.toString()).contains(", encrypted.");
    assertThat(host.forwarderEnded).isFalse();
  }

  @Test
  void forwarderOfAMountThatFailsEnds() throws IOException {
    Path ca = Files.writeString(directory.resolve("ca.pem"), "-");
    host.result = new Host.Result(32, "mount.nfs4: access denied by server while mounting");
    assertThat(mount("--tls", "--ca", ca.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(host.forwarderEnded).isTrue();
  }

  @Test
  void addressComesFromDnsWhereNoServerAnswers() {
    host.address = FS + ".efs.eu-west-1.example.org";
    api.stop(0);
    assertThat(mount("--region", "eu-west-1", "--suffix", "example.org")).isZero();
    assertThat(host.ran.getFirst()).contains(" 192.0.2.9:/ ");
  }

  @Test
  void onlyRootMayMount() {
    host.root = false;
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("only root may mount", "sudo tidefs mount " + FS);
  }

  @Test
  void hostWithoutAClientIsToldWhatToInstall() {
    host.programs.clear();
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("mount.nfs4", "apt install nfs-common", "dnf install nfs-utils");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "fs-", "fs-xyz", "fs-0123456789abcdef0:sub", "192.0.2.5:/"})
  void deviceThatIsNoFileSystemIsRefused(String device) {
    assertThat(run("mount", device, directory.toString())).isEqualTo(ExitCode.USAGE);
    refused("'" + device + "' is not a file system's id");
  }

  @Test
  void unknownFileSystemIsNamed() {
    status = 404;
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("there is no file system " + FS);
  }

  @Test
  void fileSystemWithoutMountTargetsIsTold() {
    body = "{\"MountTargets\":[]}";
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused(FS + " has no mount target", "aws efs create-mount-target --file-system-id " + FS);
  }

  @Test
  void mountTargetsThatAreNotThereYetAreTold() {
    body = TARGETS.replace("available", "deleting");
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("no mount target", "[creating, deleting]");
  }

  @Test
  void whatTheApiRefusesIsTold() {
    status = 403;
    body = "not you";
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("answered 403: not you");
  }

  @Test
  void addressThatCannotBeFoundIsTold() {
    api.stop(0);
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused(
        "no server answers at http://127.0.0.1:",
        FS + ".efs.us-east-1.amazonaws.com cannot be resolved",
        "--address");
    assertThat(run("mount", FS, directory.toString(), "--address", "nowhere")).isNotZero();
    refused("nowhere is no address");
  }

  @Test
  void directoryMustBeThereAndFree() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThat(run("mount", FS, directory + "/absent")).isEqualTo(ExitCode.FAILED);
    refused("absent does not exist. Make it first: mkdir -p");
    assertThat(run("mount", FS, file.toString())).isEqualTo(ExitCode.FAILED);
    refused("is not a directory");
    host.mounted = Optional.of(new Host.Mount("192.0.2.1:/", directory, "nfs4", "rw"));
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("is in use: 192.0.2.1:/ is mounted there");
  }

  @Test
  void serverThatCannotBeReachedIsTold() {
    host.unreachable = Optional.of("192.0.2.5 port 2049 does not answer");
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    refused("192.0.2.5 port 2049 does not answer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          access denied by server while mounting 127.0.0.1:/ | lets this client in to nothing
          Operation not permitted                            | lets this client in to nothing
          reason given by server: No such file or directory  | does not exist in the file system
          Protocol not supported                             | does not offer NFS 4.1
          Connection reset by peer                           | closed the connection
          something else                                 | mount said: mount.nfs4: something else
          """)
  void whatMountSaysIsExplained(String said, String explanation) {
    host.result = new Host.Result(32, "mount.nfs4: " + said + "\n");
    assertThat(mount()).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains(explanation, said);
  }

  @Test
  void tlsNeedsAnAuthorityAndSigningAKey() throws IOException {
    assertThat(mount("--tls", "--ca", "/absent/ca.pem")).isEqualTo(ExitCode.USAGE);
    refused("cannot read /absent/ca.pem", "tidefs ca");
    Path ca = Files.writeString(directory.resolve("ca.pem"), "-");
    assertThat(mount("--access-point", "x", "--ca", ca.toString())).isEqualTo(ExitCode.USAGE);
    refused("'x' is not an access point's id");
    if (System.getenv("AWS_ACCESS_KEY_ID") == null) {
      assertThat(mount("--iam", "--ca", ca.toString())).isEqualTo(ExitCode.USAGE);
      refused("--iam needs AWS_ACCESS_KEY_ID");
    }
  }

  @Test
  void unmounting() {
    assertThat(run("unmount", directory.toString())).isEqualTo(ExitCode.FAILED);
    refused("no file system of TideFS is mounted on");
    host.mounted = Optional.of(new Host.Mount("192.0.2.5:/", directory, "nfs4", "rw"));
    assertThat(run("unmount", directory.toString())).isZero();
    assertThat(run("unmount", directory.toString(), "--lazy")).isZero();
    assertThat(host.ran).containsExactly("umount " + directory, "umount -l " + directory);
    host.result = new Host.Result(32, "umount: target is busy.");
    assertThat(run("unmount", directory.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("is busy", "fuser -vm");
    host.root = false;
    assertThat(run("unmount", directory.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("only root may unmount");
  }
}
