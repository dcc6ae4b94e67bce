package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** What the places of cold storage classes tell of an encrypted file system: nothing. */
final class ColdEncryptionTest {
  /** In the inode; one chunk; and two. */
  private static final int[] SIZES = {3_000, 300_000, (4 << 20) + 50_000};

  private static final int REQUEST_BYTES = 500_000;
  private static final int SLICE_BYTES = 24;

  @TempDir private Path folder;
  private final Map<String, byte[]> bucket = new ConcurrentHashMap<>();
  private HttpServer store;

  @BeforeEach
  void start() throws IOException {
    store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    store.createContext("/", this::serve);
    store.start();
  }

  @AfterEach
  void stop() {
    store.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] sent = exchange.getRequestBody().readAllBytes();
    byte[] found = bucket.get(path);
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        bucket.put(path, sent);
        exchange.sendResponseHeaders(200, -1);
      }
      case "DELETE" -> {
        bucket.remove(path);
        exchange.sendResponseHeaders(204, -1);
      }
      default -> {
        exchange.sendResponseHeaders(found == null ? 404 : 200, found == null ? -1 : found.length);
        if (found != null) {
          exchange.getResponseBody().write(found);
        }
      }
    }
    exchange.close();
  }

  /** Bytes that cannot be compressed, so that a place which does not encrypt shows them. */
  private static byte[] contents(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void directoriesAndBucketsHoldNoPlaintext() throws Exception {
    Path cold = Files.createDirectory(folder.resolve("cold"));
    Path secretKey = Files.writeString(folder.resolve("secret-key"), "secret\n");
    String more =
        """
        storage:
          infrequent-access:
            - directory: %s
          archive:
            - endpoint: http://127.0.0.1:%d
              bucket: cold
              access-key-id: AKID
              secret-key-file: %s
          cold-cache-mib: 8
        """
            .formatted(cold, store.getAddress().getPort(), secretKey);
    try (ServerProcess server = new ServerProcess(folder, more)) {
      String secret = server.create("secret", ",\"Encrypted\":true");
      String open = server.create("open", "");
      for (String each : List.of(secret, open)) {
        fill(server, each);
        server.moveAll(each, "INFREQUENT_ACCESS");
      }

      List<byte[]> directory = files(cold.resolve(secret));
      assertThat(directory).hasSize(4);
      assertThat(plaintexts(directory)).isZero();
      assertThat(plaintexts(files(cold.resolve(open)))).isEqualTo(SIZES.length);
      for (String each : List.of(secret, open)) {
        server.moveAll(each, "ARCHIVE");
      }
      assertThat(objects(secret)).hasSize(4);
      assertThat(plaintexts(objects(secret))).isZero();
      assertThat(plaintexts(objects(open))).isEqualTo(SIZES.length);
      server.kill();
      assertThat(plaintexts(files(server.data().resolve(secret)))).isZero();
      server.start();
      for (String each : List.of(secret, open)) {
        readBack(server, each);
      }
    }
  }

  private List<byte[]> objects(String fileSystem) {
    return bucket.entrySet().stream()
        .filter(each -> each.getKey().startsWith("/cold/" + fileSystem + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static List<byte[]> files(Path place) throws IOException {
    List<byte[]> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.add(Files.readAllBytes(file));
      }
    }
    return found;
  }

  /** How many of the files have a slice in one of these. */
  private static long plaintexts(List<byte[]> stored) {
    return Arrays.stream(SIZES)
        .filter(size -> {
          byte[] slice = Arrays.copyOfRange(contents(size), size / 2, size / 2 + SLICE_BYTES);
          return stored.stream().anyMatch(bytes -> contains(bytes, slice));
        })
        .count();
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  private static void fill(ServerProcess server, String fileSystem) throws Exception {
    try (NfsClient client = server.client(fileSystem)) {
      for (int size : SIZES) {
        OpenFile file = client.create(client.root(), "f" + size, 0600);
        byte[] all = contents(size);
        for (int at = 0; at < size; at += REQUEST_BYTES) {
          byte[] part = Arrays.copyOfRange(all, at, Math.min(size, at + REQUEST_BYTES));
          client.write(file, at, Stability.FILE_SYNC, part);
        }
        client.close(file);
      }
    }
  }

  private static void readBack(ServerProcess server, String fileSystem) throws Exception {
    try (NfsClient client = server.client(fileSystem)) {
      for (int size : SIZES) {
        byte[] found = client.readAll(client.lookup(client.root(), "f" + size));
        assertThat(Arrays.equals(found, contents(size))).as("f%d", size).isTrue();
      }
    }
  }
}
