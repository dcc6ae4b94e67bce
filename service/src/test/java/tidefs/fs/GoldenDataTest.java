package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.store.Batch;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.TreeText;

/**
 * A data directory as the first released format has it, kept as a resource: every later version
 * opens it and finds all that is in it. {@code -Dtidefs.write-golden=FOLDER} makes one in the
 * present format.
 */
final class GoldenDataTest {
  private static final String SHARD = "fs-00000000000000001";
  private static final long DIRTY_BYTES = 16 << 20;

  @TempDir private Path directory;
  private final StoreResources resources = new StoreResources(16 << 20);

  @AfterEach
  void close() {
    resources.close();
  }

  private interface Use {
    void of(FileSystem fileSystem, MetadataStore store) throws IOException, FsException;
  }

  private void with(Path data, boolean format, Use use) throws IOException, FsException {
    try (LocalStorage storage =
            LocalStorage.open(
                data, resources, Clock.system(), new Random(1)::nextBytes, DIRTY_BYTES);
        MetadataStore store = storage.metadata(SHARD);
        ChunkStore chunks = storage.chunks(SHARD)) {
      FileSystemConfig config =
          FileSystemConfig.of(
              store, chunks, Clock.system(), new Random(2)::nextBytes, Runnable::run);
      if (format) {
        FileSystem.format(config);
      }
      try (FileSystem fileSystem = FileSystem.open(config)) {
        use.of(fileSystem, store);
      }
    }
  }

  @Test
  void theFirstFormatIsOpenedAndAllOfItIsThere() throws Exception {
    Path data = unpacked();
    Map<String, String> wanted = new TreeMap<>();
    for (String line : resource("tree.txt").lines().toList()) {
      int tab = line.indexOf('\t');
      wanted.put(line.substring(0, tab), line.substring(tab + 1));
    }
    for (int time = 0; time < 2; time++) { // As it is, and as the first time has left it.
      with(
          data,
          false,
          (fileSystem, store) -> {
            assertThat(TreeText.of(fileSystem)).isEqualTo(wanted);
            Fsck.check(store, problem -> assertThat(problem).isEmpty());
            byte[] superblock = store.get(Keys.SUPERBLOCK, Blocking.ALLOWED).orElseThrow();
            assertThat(superblock[0]).isEqualTo((byte) 2);
          });
    }
  }

  @Test
  void aNewerFormatIsRefusedWithAClearMessage() throws Exception {
    Path data = unpacked();
    with(
        data,
        false,
        (_, store) -> {
          byte[] superblock = store.get(Keys.SUPERBLOCK, Blocking.ALLOWED).orElseThrow();
          superblock[0] = 3;
          store.awaitDurable(
              store.apply(new Batch().put(Keys.SUPERBLOCK, superblock), Blocking.ALLOWED));
        });
    assertThatThrownBy(() -> with(data, false, (_, _) -> {}))
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("newer version");
    Path other = directory.resolve("other");
    Files.createDirectories(other);
    Files.writeString(other.resolve("format"), "tidefs-data 2\n");
    assertThatThrownBy(() -> with(other, false, (_, _) -> {}))
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void goldenDataIsWritten() throws Exception {
    String folder = System.getProperty("tidefs.write-golden", "");
    if (folder.isEmpty()) {
      assertThat(unpacked()).isDirectory();
      return;
    }
    Path data = directory.resolve("made");
    Map<String, String> tree = new TreeMap<>();
    with(
        data,
        true,
        (fileSystem, _) -> {
          fill(fileSystem);
          tree.putAll(TreeText.of(fileSystem));
        });
    pack(data, Path.of(folder, "data.zip"));
    StringBuilder text = new StringBuilder();
    tree.forEach((path, line) -> text.append(path).append('\t').append(line).append('\n'));
    Files.writeString(Path.of(folder, "tree.txt"), text);
  }

  private static void fill(FileSystem fs) throws FsException {
    Inode root = fs.root();
    Inode one = make(fs, root, "directory", FileType.DIRECTORY, "");
    Inode two = make(fs, one, "näher", FileType.DIRECTORY, "");
    make(fs, two, "link", FileType.SYMLINK, "../../file");
    make(fs, two, "pipe", FileType.FIFO, "");
    make(fs, two, "socket", FileType.SOCKET, "");
    Inode small = make(fs, root, "file", FileType.REGULAR, "");
    write(fs, small, 0, "contents in the inode".getBytes(StandardCharsets.UTF_8));
    fs.link(FileSystemRig.root(), small, one, FileSystemRig.name("hard"));
    fs.setXattr(
        FileSystemRig.root(),
        small,
        FileSystemRig.name("note"),
        new byte[] {1, 2, 3},
        XattrExistence.EITHER);
    Inode dense = make(fs, two, "dense", FileType.REGULAR, "");
    byte[] bytes = new byte[20_000];
    new Random(3).nextBytes(bytes);
    write(fs, dense, 0, bytes);
    Inode sparse = make(fs, two, "sparse", FileType.REGULAR, "");
    write(fs, sparse, 9_000_000, "behind a hole".getBytes(StandardCharsets.UTF_8));
    write(fs, sparse, 4_096, "before it".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 60; i++) {
      make(fs, one, "name-" + i, FileType.REGULAR, "");
    }
    fs.setAttributes(FileSystemRig.root(), two, FileSystemRig.mode(02750), false);
  }

  private static Inode make(FileSystem fs, Inode in, String name, FileType type, String target)
      throws FsException {
    byte[] to = target.getBytes(StandardCharsets.UTF_8);
    NewInode what = new NewInode(type, FileSystemRig.mode(0755), to, 0);
    return fs.create(FileSystemRig.root(), in, FileSystemRig.name(name), what).inode();
  }

  private static void write(FileSystem fs, Inode file, long at, byte[] bytes) throws FsException {
    ByteBuffer source = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    fs.write(FileSystemRig.root(), file, at, source, Stability.FILE_SYNC).join();
  }

  private static void pack(Path from, Path to) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              out.putNextEntry(new ZipEntry(from.relativize(file).toString()));
              Files.copy(file, out);
              out.closeEntry();
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }

  private Path unpacked() throws IOException {
    Path data = directory.resolve("data-" + Instant.EPOCH.getEpochSecond());
    try (ZipInputStream in = new ZipInputStream(stream("data.zip"))) {
      for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        Path file = data.resolve(each.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(in, file);
      }
    }
    return data;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream stream(String name) {
    return Objects.requireNonNull(
        GoldenDataTest.class.getResourceAsStream("/golden/format-1/" + name), name);
  }
}
