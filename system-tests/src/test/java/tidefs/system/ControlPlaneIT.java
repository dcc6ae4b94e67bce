package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** The control plane of the packaged server: kills, many resources, security groups. */
final class ControlPlaneIT {
  private static final int CALLS = 1_000;
  private static final int FILE_SYSTEMS = 1_000;
  private static final int ACCESS_POINTS = 10_000;
  private static final int MOUNT_TARGETS = 200;
  private static final Duration START = Duration.ofSeconds(5);

  private static RandomGenerator chance() {
    long seed = Seed.of("control plane");
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Test
  void everyAcknowledgedCallHoldsWhenTheServerIsKilled() throws Exception {
    Path logs = Checkout.logs("control-plane-kill");
    RandomGenerator chance = chance();
    int calls = 0;
    int kills = 0;
    int carriedOut = 0;
    try (TideFsServer server = TideFsServer.create(logs)) {
      ControlPlaneModel model =
          new ControlPlaneModel(new ControlPlaneClient(server.endpoint()), chance);
      while (calls < CALLS) {
        long millis = chance.nextLong(20, 1_500);
        CompletableFuture<Void> kill =
            CompletableFuture.runAsync(
                server::kill,
                CompletableFuture.delayedExecutor(
                    millis, java.util.concurrent.TimeUnit.MILLISECONDS));
        SortedMap<String, String> either;
        do {
          either = model.call();
          calls++;
        } while (!kill.isDone() && either == model.held());
        kill.join();
        kills++;
        server.restart();
        SortedMap<String, String> found = model.settled();
        if (!found.equals(either)) {
          assertThat(found).as("after kill %d, call %d", kills, calls).isEqualTo(model.held());
        } else if (either != model.held()) {
          carriedOut++;
        }
        model.accept(found);
      }
      System.err.printf(
          "%d calls, %d kills, %d unanswered calls were carried out, %d resources left%n",
          calls, kills, carriedOut, model.held().size());
      server.stopAndCheck();
    }
  }

  @Test
  void pagesAndStartsDoNotGetSlowWithManyResources() throws Exception {
    Path logs = Checkout.logs("control-plane-scale");
    try (TideFsServer server = TideFsServer.create(logs)) {
      ControlPlaneClient client = new ControlPlaneClient(server.endpoint());
      String first = fileSystem(client, 0);
      awaitAvailable(client);
      long few = median(client, "file-systems?MaxItems=1");
      long began = System.nanoTime();
      inParallel(FILE_SYSTEMS - 1, i -> fileSystem(client, i + 1));
      long filled = System.nanoTime();
      inParallel(ACCESS_POINTS, i -> accessPoint(client, first, i));
      long done = System.nanoTime();
      long many = median(client, "file-systems?MaxItems=1");
      long page = median(client, "file-systems?MaxItems=100");
      long points = median(client, "access-points?MaxResults=100");
      long thousand = median(client, "access-points?MaxResults=1000&FileSystemId=" + first);
      assertThat(client.all("file-systems", "FileSystems", "NextMarker", "Marker"))
          .hasSize(FILE_SYSTEMS);
      String largePages = "access-points?MaxResults=1000";
      assertThat(client.all(largePages, "AccessPoints", "NextToken", "NextToken"))
          .hasSize(ACCESS_POINTS);
      awaitAvailable(client);
      List<Server.Export> exports = mounted(server, client);
      server.kill();
      long opened = opened(logs);
      long start = System.nanoTime();
      server.restart();
      long started = System.nanoTime() - start;
      awaitListening(exports);
      long listening = System.nanoTime() - start;
      assertThat(client.all("file-systems", "FileSystems", "NextMarker", "Marker"))
          .hasSize(FILE_SYSTEMS)
          .allSatisfy(each -> assertThat(each.at("/SizeInBytes/Value").asInt()).isPositive());
      assertThat(opened(logs) - opened)
          .as("opened, where only what is mounted has to be")
          .isLessThanOrEqualTo(MOUNT_TARGETS);
      System.err.printf(
          "file systems: %.1f ms each; access points: %.1f ms each; page of 1 of 1: %.2f ms, of"
              + " 1000: %.2f ms; page of 100 file systems: %.2f ms; of 100 access points:"
              + " %.2f ms; of 1000: %.2f ms; start: %.2f s; %d mount targets"
              + " listen after %.2f s%n",
          (filled - began) / 1e6 / (FILE_SYSTEMS - 1),
          (done - filled) / 1e6 / ACCESS_POINTS,
          few / 1e6,
          many / 1e6,
          page / 1e6,
          points / 1e6,
          thousand / 1e6,
          started / 1e9,
          MOUNT_TARGETS,
          listening / 1e9);
      assertThat(Duration.ofNanos(listening)).isLessThan(START);
      assertThat(many).as("a page of one").isLessThan(10 * few + 5_000_000);
      server.stopAndCheck();
    }
  }

  /** A mount target for each of some file systems, once they are there. */
  private static List<Server.Export> mounted(TideFsServer server, ControlPlaneClient client)
      throws Exception {
    List<String> ids =
        client.all("file-systems", "FileSystems", "NextMarker", "Marker").stream()
            .limit(MOUNT_TARGETS)
            .map(each -> each.get("FileSystemId").asString())
            .toList();
    List<Server.Export> made = java.util.Collections.synchronizedList(new ArrayList<>());
    inParallel(
        MOUNT_TARGETS,
        i ->
            made.add(
                new Server.Export(
                    server.api().createMountTarget(ids.get(i)), server.nfsPort(), "/", "8.0E")));
    return made;
  }

  private static void awaitListening(List<Server.Export> exports) throws Exception {
    for (Server.Export each : exports) {
      long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      while (!staysOpen(each, 1)) {
        Thread.sleep(10);
        assertThat(System.nanoTime()).as("%s does not listen", each).isLessThan(deadline);
      }
    }
  }

  /** Waits until no file system is being made any more. */
  private static void awaitAvailable(ControlPlaneClient client) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (client.all("file-systems", "FileSystems", "NextMarker", "Marker").stream()
        .anyMatch(each -> !each.get("LifeCycleState").asString().equals("available"))) {
      assertThat(System.nanoTime()).as("file systems are still creating").isLessThan(deadline);
      Thread.sleep(500);
    }
  }

  private static long opened(Path logs) throws IOException {
    try (var lines = Files.lines(logs.resolve("server.log"))) {
      return lines.filter(each -> each.contains("File system opened")).count();
    }
  }

  @FunctionalInterface
  private interface Numbered {
    Object make(int number) throws IOException;
  }

  private static void inParallel(int count, Numbered each) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<?>> made = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        made.add(pool.submit(() -> each.make(number)));
      }
      for (Future<?> one : made) {
        one.get();
      }
    }
  }

  private static String fileSystem(ControlPlaneClient client, int number) throws IOException {
    var made = client.efs("POST", "file-systems", "{\"CreationToken\":\"t" + number + "\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().get("FileSystemId").asString();
  }

  private static Object accessPoint(ControlPlaneClient client, String owner, int number)
      throws IOException {
    String body = "{\"ClientToken\":\"a" + number + "\",\"FileSystemId\":\"" + owner + "\"}";
    var made = client.efs("POST", "access-points", body);
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made;
  }

  private static long median(ControlPlaneClient client, String path) throws IOException {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      long began = System.nanoTime();
      assertThat(client.efs("GET", path, "").status()).isEqualTo(200);
      times.add(System.nanoTime() - began);
    }
    times.sort(null);
    return times.get(50);
  }

  @Test
  void theClientsOfAwsAreServed() throws Exception {
    Path log = Checkout.logs("control-plane-clients").resolve("run.log");
    List<String> command = List.of(Checkout.ROOT.resolve("system-tests/clients/run").toString());
    Process clients =
        Checkout.process("TERM", command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(clients.waitFor()).as(Checkout.tail(log)).isZero();
    System.err.println(Checkout.tail(log));
  }

  @Test
  void aClientThatNoRuleAdmitsIsCutOff() throws Exception {
    Path logs = Checkout.logs("control-plane-groups");
    try (TideFsServer server = TideFsServer.create(logs)) {
      ControlPlaneClient client = new ControlPlaneClient(server.endpoint());
      Server.Export export = server.export();
      String group =
          client
              .ec2("CreateSecurityGroup&GroupName=closed&GroupDescription=d")
              .body()
              .replaceAll("(?s).*<groupId>(.*)</groupId>.*", "$1");
      String target =
          client
              .all("file-systems", "FileSystems", "NextMarker", "Marker")
              .getFirst()
              .get("FileSystemId")
              .asString();
      String id =
          client
              .efs("GET", "mount-targets?FileSystemId=" + target, "")
              .json()
              .at("/MountTargets/0/MountTargetId")
              .asString();
      assertThat(staysOpen(export)).as("the default group").isTrue();
      var changed =
          client.efs(
              "PUT",
              "mount-targets/" + id + "/security-groups",
              "{\"SecurityGroups\":[\"" + group + "\"]}");
      assertThat(changed.status()).as(changed.body()).isEqualTo(204);
      assertThat(staysOpen(export)).as("a group without rules").isFalse();
      String rule = "&GroupId=" + group + "&IpProtocol=tcp&FromPort=2049&ToPort=2049&CidrIp=";
      client.ec2("AuthorizeSecurityGroupIngress" + rule + "127.0.0.0/8");
      assertThat(staysOpen(export)).as("admitted by its address").isTrue();
      server.kill();
      server.restart();
      client.ec2("RevokeSecurityGroupIngress" + rule + "127.0.0.0/8");
      assertThat(staysOpen(export)).as("revoked").isFalse();
    }
  }

  /** Whether a connection is neither refused nor cut off at once. */
  private static boolean staysOpen(Server.Export export) {
    return staysOpen(export, 500);
  }

  private static boolean staysOpen(Server.Export export, int millis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(export.address(), export.port()), 2_000);
      socket.setSoTimeout(millis);
      return socket.getInputStream().read() > 0;
    } catch (java.net.SocketTimeoutException _) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
