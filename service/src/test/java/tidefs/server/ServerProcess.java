package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.opentest4j.AssertionFailedError;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.Credentials;
import tidefs.testkit.NfsClient;
import tools.jackson.databind.JsonNode;

/** A server in a process of its own, which can be killed. */
final class ServerProcess implements AutoCloseable {
  private static final int POLLS = 600;
  private static final long POLL_NANOS = 50_000_000;
  private static final long STOP_SECONDS = 20;
  private static final String FILE_SYSTEMS = "/2015-02-01/file-systems";

  private final Path folder;
  private final int nfsPort;
  private final int apiPort;
  private Process process;
  private int clients;

  /** Starts a server over the data directory {@code folder}/data. */
  ServerProcess(Path folder, String more) throws Exception {
    this.folder = folder;
    this.nfsPort = freePort("127.0.1.9");
    this.apiPort = freePort("127.0.0.1");
    Files.writeString(
        folder.resolve("tidefs.yaml"),
        "nfs:\n  port: " + nfsPort + "\n  grace-seconds: 0\n" + more);
    start();
  }

  private static int freePort(String address) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
      return free.getLocalPort();
    }
  }

  /** Runs {@code tidefs} with these arguments and returns what it prints. */
  static String run(String... arguments) throws IOException {
    Process process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
  }

  private static List<String> command(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=" + Integer.getInteger("compiler", 1),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "tidefs.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Where its API is. */
  String endpoint() {
    return "http://127.0.0.1:" + apiPort;
  }

  Path config() {
    return folder.resolve("tidefs.yaml");
  }

  void start() throws Exception {
    process =
        new ProcessBuilder(
                command(
                    "serve",
                    "--config",
                    config().toString(),
                    "--data",
                    data().toString(),
                    "--api",
                    "127.0.0.1:" + apiPort,
                    "--insecure-api"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    until(() -> {
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", apiPort), 1_000);
        return true;
      } catch (ConnectException e) {
        return false;
      }
    });
  }

  /** Ends the process as a loss of its machine would. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends the process as an operator does. */
  void stop() throws Exception {
    process.destroy();
    assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** Waits until something is so. */
  static void until(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < POLLS; i++) {
      if (condition.call()) {
        return;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new AssertionFailedError("it never came to be so");
  }

  /** Makes a file system with a mount target; returns its id. */
  String create(String token, String more) throws Exception {
    ApiClient api = new ApiClient(apiPort);
    Answer made = api.post(FILE_SYSTEMS, "{\"CreationToken\":\"" + token + "\"" + more + "}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String id = made.get("FileSystemId");
    until(() -> api.get(FILE_SYSTEMS + "?FileSystemId=" + id).text().contains("\"available\""));
    Answer target =
        api.post(
            "/2015-02-01/mount-targets",
            "{\"FileSystemId\":\"" + id + "\",\"SubnetId\":\"subnet-00000000000012701\"}");
    assertThat(target.status()).as(target.text()).isEqualTo(200);
    until(() ->
        api.get("/2015-02-01/mount-targets?FileSystemId=" + id).text().contains("\"available\""));
    return id;
  }

  /** Deletes a file system with its mount targets. */
  void delete(String fileSystem) throws Exception {
    ApiClient api = new ApiClient(apiPort);
    JsonNode targets = api.get("/2015-02-01/mount-targets?FileSystemId=" + fileSystem).json();
    for (JsonNode each : targets.path("MountTargets")) {
      api.delete("/2015-02-01/mount-targets/" + each.path("MountTargetId").asString());
    }
    until(() -> api.delete(FILE_SYSTEMS + "/" + fileSystem).status() == 204);
  }

  /** A client of its API. */
  ApiClient api() {
    return new ApiClient(apiPort);
  }

  /** Has it back up, as {@code tidefs backup} does; returns what that prints. */
  String backup(String operation, String body) {
    ApiClient api = new ApiClient(apiPort).signedFor("backup", "us-east-1");
    Answer answer =
        api.send(
            api.request("/")
                .header("Authorization", api.authorization())
                .header("X-Amz-Target", "TideFSBackup." + operation)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text();
  }

  /** Calls IAM. */
  String iam(String action) {
    ApiClient api = new ApiClient(apiPort).signedFor("iam", "us-east-1");
    Answer answer =
        api.send(
            api.request("/")
                .header("Authorization", api.authorization())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("Version=2010-05-08&Action=" + action)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text();
  }

  /** Calls KMS. */
  Answer kms(String action, String body) {
    ApiClient api = new ApiClient(apiPort).signedFor("kms", "us-east-1");
    return api.send(
        api.request("/")
            .header("Authorization", api.authorization())
            .header("X-Amz-Target", "TrentService." + action)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private ApiClient lifecycleApi() {
    return new ApiClient(apiPort).signedFor("tidefs-lifecycle", "us-east-1");
  }

  /** Where lifecycle management of a file system stands. */
  JsonNode lifecycle(String fileSystem) {
    ApiClient api = lifecycleApi();
    return api.send(
            api.request("/tidefs/lifecycle/" + fileSystem)
                .header("Authorization", api.authorization())
                .GET())
        .json();
  }

  /** Moves all files of a file system to a storage class; returns when that is done. */
  void moveAll(String fileSystem, String storageClass) throws Exception {
    ApiClient api = lifecycleApi();
    Answer answer =
        api.send(
            api.request("/tidefs/lifecycle/" + fileSystem + "/move/" + storageClass)
                .header("Authorization", api.authorization())
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    until(() -> !lifecycle(fileSystem).get("Moving").asBoolean());
  }

  /** What {@code tidefs fsck} says of the data directory. Not while the server runs. */
  String fsck() throws IOException {
    return run("fsck", "--config", config().toString(), data().toString());
  }

  /** A client of a file system's mount target. */
  NfsClient client(String fileSystem) throws Exception {
    String address =
        new ApiClient(apiPort)
            .get("/2015-02-01/mount-targets?FileSystemId=" + fileSystem)
            .json()
            .path("MountTargets")
            .path(0)
            .path("IpAddress")
            .asString();
    InetSocketAddress at = new InetSocketAddress(address, nfsPort);
    until(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(at, 1_000);
        return true;
      } catch (ConnectException e) {
        return false;
      }
    });
    return NfsClient.connect(at, 2, Credentials.ROOT, "client" + clients++);
  }

  @Override
  public void close() {
    kill();
  }
}
