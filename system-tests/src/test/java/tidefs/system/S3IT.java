package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Credentials;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;
import tools.jackson.databind.JsonNode;

/** A bucket of Ceph's Object Gateway as the place of Infrequent Access, its outage and return. */
final class S3IT {
  private static final int FILES = 24;
  private static final int REQUEST_BYTES = 512 << 10;
  private static final int CHUNK_BYTES = 4 << 20;
  private static final int[] SIZES = {1, 3_000, 100_000, CHUNK_BYTES, 9 << 20, 2 << 20};
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Path ceph;
  private int port;

  @BeforeEach
  void startCeph() throws Exception {
    ceph = Files.createTempDirectory("tidefs-ceph-");
    port = Checkout.freePort();
    radosgw("start", ceph.toString(), Integer.toString(port));
  }

  @AfterEach
  void stopCeph() throws Exception {
    radosgw("stop", ceph.toString());
    Checkout.deleteTree(ceph);
  }

  private static String radosgw(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Checkout.ROOT.resolve("system-tests/s3/radosgw").toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("radosgw", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).as("%s", command).isZero();
    String text = Files.readString(out).strip();
    Files.delete(out);
    return text;
  }

  private int objects() throws Exception {
    return Integer.parseInt(radosgw("count", ceph.toString()));
  }

  private TideFsServer server() throws IOException {
    Path secret = ceph.resolve("secret");
    String storage =
        """
        storage:
          infrequent-access:
            - endpoint: http://127.0.0.1:%d
              bucket: cold
              prefix: here/
              access-key-id: TIDEFS
              secret-key-file: %s
          cold-cache-mib: 8
          move-mibps: 1000
        """
            .formatted(port, secret);
    assertThat(Files.readString(secret, StandardCharsets.UTF_8)).isNotBlank();
    return TideFsServer.create(Checkout.logs("s3"), 10, 0, storage);
  }

  private static byte[] contents(int file) {
    byte[] bytes = new byte[SIZES[file % SIZES.length]];
    new Random(file).nextBytes(bytes);
    return bytes;
  }

  private static int chunks() {
    int chunks = 0;
    for (int file = 0; file < FILES; file++) {
      chunks += (SIZES[file % SIZES.length] + CHUNK_BYTES - 1) / CHUNK_BYTES;
    }
    return chunks;
  }

  private static void write(NfsClient client, int file) throws IOException {
    OpenFile open = client.create(client.root(), "f" + file, 0644);
    byte[] all = contents(file);
    for (int at = 0; at < all.length; at += REQUEST_BYTES) {
      byte[] part = Arrays.copyOfRange(all, at, Math.min(all.length, at + REQUEST_BYTES));
      client.write(open, at, Stability.UNSTABLE, part);
    }
    client.commit(open.handle());
    client.close(open);
  }

  private static void check(NfsClient client, int file) throws IOException {
    byte[] found = client.readAll(client.lookup(client.root(), "f" + file));
    assertThat(Arrays.equals(found, contents(file))).as("contents of f%d", file).isTrue();
  }

  private static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static void move(TideFsServer server, String id, String storageClass) throws Exception {
    until("a move begins", () -> server.api().move(id, storageClass));
    until("it ends", () -> !server.api().lifecycle(id).path("Moving").asBoolean());
  }

  @Test
  void filesGoToABucketAndOutlastItsOutage() throws Exception {
    try (TideFsServer server = server()) {
      String id = server.api().createFileSystem();
      String address = server.api().createMountTarget(id);
      int nfs = server.nfsPort();
      try (NfsClient client =
          NfsClient.connect(new InetSocketAddress(address, nfs), 1, Credentials.ROOT, "s3")) {
        for (int file = 0; file < FILES; file++) {
          write(client, file);
        }
        long start = System.nanoTime();
        move(server, id, "INFREQUENT_ACCESS");
        JsonNode moved = server.api().lifecycle(id).path("StorageClasses").get(1);
        System.err.printf(
            "s3: %d files, %d bytes moved in %d ms; %d objects in the bucket%n",
            moved.path("MovedFiles").asInt(),
            moved.path("MovedBytes").asLong(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
            objects());
        assertThat(moved.path("MovedFiles").asInt()).isEqualTo(FILES);
        assertThat(objects()).isEqualTo(chunks());
        for (int file = 0; file < FILES; file++) {
          check(client, file);
        }
        write(client, FILES); // Stays in Standard.
        outage(client);
        returned(server, id, client);
      }
      server.stopAndCheck();
    } finally {
      radosgw("return", ceph.toString());
    }
  }

  private void outage(NfsClient client) throws Exception {
    radosgw("kill", ceph.toString());
    int refused = 0;
    long longest = 0;
    for (int file = 3; file < FILES; file += SIZES.length) { // One chunk each, not in the cache.
      long start = System.nanoTime();
      try {
        check(client, file);
      } catch (NfsFailure e) {
        assertThat(e.status()).isIn(Status.IO, Status.DELAY);
        refused++;
      }
      longest = Math.max(longest, System.nanoTime() - start);
    }
    System.err.printf(
        "s3: outage: %d of %d cold reads refused, the longest after %d ms%n",
        refused, FILES / SIZES.length, TimeUnit.NANOSECONDS.toMillis(longest));
    assertThat(refused).isGreaterThanOrEqualTo(FILES / SIZES.length - 2);
    long start = System.nanoTime();
    check(client, FILES);
    write(client, FILES + 1);
    check(client, FILES + 1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    for (int file = 0; file < SIZES.length; file++) {
      client.remove(client.root(), "f" + file); // Their objects go when the bucket is back.
    }
  }

  private void returned(TideFsServer server, String id, NfsClient client) throws Exception {
    radosgw("return", ceph.toString());
    for (int file = SIZES.length; file <= FILES + 1; file++) {
      check(client, file);
    }
    int left = chunks() * (FILES / SIZES.length - 1) / (FILES / SIZES.length);
    until("objects of removed files are removed", () -> objects() == left);
    move(server, id, "STANDARD");
    until("objects of files that returned are removed", () -> objects() == 0);
    for (int file = SIZES.length; file <= FILES + 1; file++) {
      check(client, file);
    }
    System.err.printf("s3: returned: %d objects were left, then none%n", left);
    move(server, id, "INFREQUENT_ACCESS");
    assertThat(objects()).isGreaterThanOrEqualTo(left);
    for (int file = SIZES.length; file <= FILES + 1; file++) {
      client.remove(client.root(), "f" + file);
    }
    until("objects of removed files are removed", () -> objects() == 0);
  }
}
