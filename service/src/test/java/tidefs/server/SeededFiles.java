package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** Files in the root of a file system, whose {@code bytes} random bytes come from a seed. */
record SeededFiles(ServerProcess server, int bytes) {
  private byte[] contents(int seed) {
    byte[] contents = new byte[bytes];
    new Random(seed).nextBytes(contents);
    return contents;
  }

  /** Makes a file; its bytes are durable afterwards. */
  void write(String fileSystem, String name, int seed) throws Exception {
    try (NfsClient client = server.client(fileSystem)) {
      OpenFile file = client.create(client.root(), name, 0600);
      client.write(file, 0, Stability.FILE_SYNC, contents(seed));
      client.close(file);
    }
  }

  /** Compares a file with what was written. */
  void check(String fileSystem, String name, int seed) throws Exception {
    try (NfsClient client = server.client(fileSystem)) {
      byte[] found = client.readAll(client.lookup(client.root(), name));
      assertThat(found).as(name).isEqualTo(contents(seed));
    }
  }
}
