package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.FileAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;
import tools.jackson.databind.JsonNode;

/**
 * A file system has one size in each class, whoever is asked: {@code DescribeFileSystems}, the
 * metrics, lifecycle management, and the client, of which {@code df} and {@code du} ask.
 */
final class StorageSizesTest {
  private static final long LEAST_COLD_BYTES = 128 << 10;
  private static final int[] SIZES = {1, 5_000, 200_000, 5_000_000};
  private static final int REQUEST_BYTES = 500_000;

  @TempDir private Path folder;

  /** Bytes by class. */
  private record Sizes(long standard, long infrequentAccess, long archive) {
    long all() {
      return standard + infrequentAccess + archive;
    }
  }

  @Test
  void allWhoAreAskedTellTheSame() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String id = server.create("sizes", "");
      try (NfsClient client = server.client(id)) {
        List<FileHandle> cold = write(client, "cold");
        Sizes before = agreed(server, id, client);
        assertThat(before.infrequentAccess() + before.archive()).isZero();
        server.moveAll(id, "INFREQUENT_ACCESS");
        List<FileHandle> hot = write(client, "hot");
        Sizes mixed = agreed(server, id, client);
        assertThat(mixed.infrequentAccess()).isEqualTo(billed(client, cold));
        assertThat(mixed.archive()).isZero();
        assertThat(mixed.standard()).isGreaterThanOrEqualTo(used(client, hot));

        server.moveAll(id, "ARCHIVE");
        List<FileHandle> all = new ArrayList<>(cold);
        all.addAll(hot);
        Sizes archived = agreed(server, id, client);
        assertThat(archived.archive()).isEqualTo(billed(client, all));
        assertThat(archived.infrequentAccess()).isZero();
        assertThat(archived.standard()).isLessThan(mixed.standard());
        server.moveAll(id, "STANDARD");
        Sizes back = agreed(server, id, client);
        assertThat(back.infrequentAccess() + back.archive()).isZero();
      }
    }
  }

  private static List<FileHandle> write(NfsClient client, String prefix) throws Exception {
    List<FileHandle> files = new ArrayList<>();
    for (int size : SIZES) {
      OpenFile file = client.create(client.root(), prefix + size, 0600);
      for (int at = 0; at < size; at += REQUEST_BYTES) {
        byte[] part = new byte[Math.min(REQUEST_BYTES, size - at)];
        client.write(file, at, Stability.FILE_SYNC, part);
      }
      client.close(file);
      files.add(file.handle());
    }
    return files;
  }

  private static long used(NfsClient client, FileHandle file) throws Exception {
    return client.getattr(file, Attribute.SPACE_USED).number(Attribute.SPACE_USED);
  }

  private static long used(NfsClient client, List<FileHandle> files) throws Exception {
    long sum = 0;
    for (FileHandle each : files) {
      sum += used(client, each);
    }
    return sum;
  }

  /** What files in a cold class are metered with. */
  private static long billed(NfsClient client, List<FileHandle> files) throws Exception {
    long sum = 0;
    for (FileHandle each : files) {
      sum += Math.max(LEAST_COLD_BYTES, used(client, each));
    }
    return sum;
  }

  /** The sizes that all tell. */
  private static Sizes agreed(ServerProcess server, String id, NfsClient client) throws Exception {
    JsonNode told =
        server
            .api()
            .get("/2015-02-01/file-systems?FileSystemId=" + id)
            .json()
            .at("/FileSystems/0/SizeInBytes");
    Sizes sizes =
        new Sizes(
            told.path("ValueInStandard").asLong(),
            told.path("ValueInIA").asLong(),
            told.path("ValueInArchive").asLong());
    assertThat(told.path("Value").asLong()).isEqualTo(sizes.all());

    String metrics = server.api().get("/metrics").text();
    assertThat(stored(metrics, id, "Standard")).isEqualTo(sizes.standard());
    assertThat(stored(metrics, id, "IA")).isLessThanOrEqualTo(sizes.infrequentAccess());
    assertThat(stored(metrics, id, "Archive")).isLessThanOrEqualTo(sizes.archive());

    List<Long> classes = new ArrayList<>();
    server
        .lifecycle(id)
        .path("StorageClasses")
        .forEach(each -> classes.add(each.path("Bytes").asLong()));
    assertThat(classes)
        .containsExactly(sizes.standard(), sizes.infrequentAccess(), sizes.archive());

    FileAttributes df = client.getattr(client.root(), Attribute.SPACE_TOTAL, Attribute.SPACE_FREE);
    assertThat(df.number(Attribute.SPACE_TOTAL) - df.number(Attribute.SPACE_FREE))
        .isEqualTo(sizes.all());
    return sizes;
  }

  private static long stored(String metrics, String id, String storageClass) {
    String series =
        "tidefs_storage_bytes{file_system=\"" + id + "\",storage_class=\"" + storageClass + "\"} ";
    Matcher found = Pattern.compile(Pattern.quote(series) + "(\\S+)").matcher(metrics);
    assertThat(found.find()).as(series).isTrue();
    return (long) Double.parseDouble(found.group(1));
  }
}
