package tidefs.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.ApiClient;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** A server that is backed up while it serves, lost, and made again. */
final class ServerBackupTest {
  private static final String V = "/2015-02-01";

  @TempDir private Path folder;
  private Path home;
  private Path backups;
  private Path kept;

  @BeforeEach
  void place() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    backups = folder.resolve("backups");
    kept = folder.resolve("kept.key");
  }

  private ServerProcess server() throws Exception {
    return new ServerProcess(home, "backup:\n  folder: " + backups + "\n");
  }

  private String restore(Path data, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("restore", "--data", data.toString(), "--secret-key", kept.toString()));
    command.addAll(List.of(more));
    command.add(backups.toString());
    return ServerProcess.run(command.toArray(String[]::new));
  }

  @Test
  void aLostServerComesBackWithItsIdsItsUsersAndTheContentsOfItsBackup() throws Exception {
    Map<String, String> written = new TreeMap<>();
    Map<String, String> before;
    String open;
    String sealed;
    try (ServerProcess server = server()) {
      open = server.create("open", ",\"Tags\":[{\"Key\":\"Name\",\"Value\":\"n\"}]");
      sealed = server.create("sealed", ",\"Encrypted\":true");
      describeMore(server.api(), open);
      server.iam("CreateUser&UserName=operator");
      String users = server.iam("ListUsers");
      write(server, open, "small", "small", written);
      write(server, sealed, "secret", "Rindfleisch".repeat(100_000), written);
      assertThat(server.backup("CreateServer", "{}")).contains("2 file systems");
      try (Writing writing = new Writing(server, open)) {
        ServerProcess.until(() -> writing.count() > 20);
        int certain = writing.count();
        assertThat(server.backup("CreateServer", "{}")).contains("2 file systems");
        assertThat(writing.count()).as("writes go on").isGreaterThanOrEqualTo(certain);
        for (int i = 0; i < certain; i++) {
          written.put(open + "/during-" + i, "during " + i);
        }
      }
      assertThat(server.backup("List", "{}").lines().filter(it -> it.startsWith(sealed)).toList())
          .hasSize(2)
          .satisfies(it -> assertThat(it.getLast()).contains("(0 new)"));
      before = resources(server.api(), open, sealed);
      server.kill();
      Files.copy(server.data().resolve("secret.key"), kept);
      DataDirectory.deleteTree(server.data());
      assertThat(holdsClearKeys()).as("keys in the backup").isFalse();
      assertThat(restore(server.data())).contains("Whole: ");
      server.start();
      assertThat(resources(server.api(), open, sealed)).isEqualTo(before);
      assertThat(users(server.iam("ListUsers"))).isEqualTo(users(users)).contains("operator");
      for (String id : List.of(open, sealed)) {
        try (NfsClient client = server.client(id)) {
          for (Map.Entry<String, String> each : written.entrySet()) {
            if (each.getKey().startsWith(id)) {
              String name = each.getKey().substring(id.length() + 1);
              byte[] found = client.readAll(client.lookup(client.root(), name));
              assertThat(new String(found, UTF_8)).as(each.getKey()).isEqualTo(each.getValue());
            }
          }
        }
      }
      assertThat(holds(server.data().resolve(sealed), "Rindfleisch")).isFalse();
      assertThat(server.backup("CreateServer", "{}")).contains("2 file systems");
      server.stop();
      assertThat(ServerProcess.run("fsck", server.data().toString())).contains("\nclean");
    }
  }

  @Test
  void aBackupGoesWithItsPartsAndOpensWithItsKeyAlone() throws Exception {
    try (ServerProcess server = server()) {
      server.create("a", "");
      String first = server.backup("CreateServer", "{}").split(" ", 2)[0];
      String second = server.backup("CreateServer", "{}").split(" ", 2)[0];
      assertThat(server.backup("List", "{}").lines()).hasSize(4);
      server.backup("Delete", "{\"BackupId\":\"" + first + "\"}");
      assertThat(server.backup("List", "{}").lines())
          .hasSize(2)
          .anyMatch(each -> each.startsWith(second));
      server.kill();
      Files.write(kept, new byte[32]);
      Path data = folder.resolve("other");
      assertThat(restore(data)).contains("its key is another one");
      assertThat(data).doesNotExist();
      assertThat(restore(server.data())).contains("is not empty");
    }
  }

  private static void describeMore(ApiClient api, String id) {
    String user = "\"PosixUser\":{\"Uid\":1,\"Gid\":2},\"RootDirectory\":{\"Path\":\"/x\"}";
    assertThat(
            api.post(
                    V + "/access-points",
                    "{\"ClientToken\":\"p\",\"FileSystemId\":\"" + id + "\"," + user + "}")
                .status())
        .isEqualTo(200);
    assertThat(
            api.put(
                    V + "/file-systems/" + id + "/lifecycle-configuration",
                    "{\"LifecyclePolicies\":[{\"TransitionToIA\":\"AFTER_30_DAYS\"}]}")
                .status())
        .isEqualTo(200);
    assertThat(
            api.put(
                    V + "/file-systems/" + id + "/policy",
                    "{\"Policy\":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
                        + "\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":"
                        + "\\\"elasticfilesystem:*\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}")
                .status())
        .isEqualTo(200);
  }

  private static String users(String answer) {
    return answer.replaceAll("<RequestId>.*</RequestId>", "");
  }

  /** All that the API tells of the resources, but for sizes. */
  private static Map<String, String> resources(ApiClient api, String... fileSystems)
      throws Exception {
    List<String> paths = new ArrayList<>(List.of("/file-systems", "/access-points"));
    for (String id : fileSystems) {
      paths.add("/mount-targets?FileSystemId=" + id);
    }
    paths.add("/file-systems/" + fileSystems[0] + "/lifecycle-configuration");
    paths.add("/file-systems/" + fileSystems[0] + "/policy");
    ServerProcess.until(() ->
        paths.stream()
            .map(path -> api.get(V + path).text())
            .noneMatch(text -> text.contains("\"creating\"") || text.contains("\"error\"")));
    Map<String, String> found = new TreeMap<>();
    for (String path : paths) {
      String text = api.get(V + path).text();
      found.put(path, text.replaceAll("\"SizeInBytes\":\\{[^}]*}", ""));
    }
    return found;
  }

  private static void write(
      ServerProcess server, String id, String name, String text, Map<String, String> written)
      throws Exception {
    try (NfsClient client = server.client(id)) {
      write(client, name, text);
    }
    written.put(id + "/" + name, text);
  }

  private static void write(NfsClient client, String name, String text) throws Exception {
    OpenFile file = client.create(client.root(), name, 0644);
    byte[] bytes = text.getBytes(UTF_8);
    for (int at = 0; at < bytes.length; at += 1 << 19) {
      int end = Math.min(bytes.length, at + (1 << 19));
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, end);
      client.write(file, at, Stability.FILE_SYNC, part);
    }
    client.close(file);
  }

  /** Writes small files one after the other. */
  private static final class Writing implements AutoCloseable {
    private final AtomicBoolean ends = new AtomicBoolean();
    private final CompletableFuture<Void> done;
    private volatile int count;

    Writing(ServerProcess server, String id) {
      done =
          CompletableFuture.runAsync(() -> {
            try (NfsClient client = server.client(id)) {
              for (int i = 0; !ends.get(); i++) {
                write(client, "during-" + i, "during " + i);
                count = i + 1;
              }
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
    }

    /** How many files are written. */
    int count() {
      assertThat(done.isCompletedExceptionally()).isFalse();
      return count;
    }

    @Override
    public void close() {
      ends.set(true);
      done.join();
    }
  }

  /** Whether the folder of backups holds a private key or the server's own key. */
  private boolean holdsClearKeys() throws IOException {
    return holds(backups, "PRIVATE KEY")
        || holds(backups, new String(Files.readAllBytes(kept), StandardCharsets.ISO_8859_1));
  }

  private static boolean holds(Path place, String text) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }
}
