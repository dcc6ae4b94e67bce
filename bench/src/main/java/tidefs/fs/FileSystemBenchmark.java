package tidefs.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tidefs.base.Blocking;
import tidefs.base.Cork;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** The calls that requests consist of, on a file system whose journal and chunks are in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FileSystemBenchmark {
  private static final int NAMES = 256;
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 1024;
  private static final int GROUP = 8;

  private Path directory;
  private StoreResources resources;
  private FileSystemRig rig;
  private FileSystem fs;
  private Operation operation;
  private Inode file;
  private final byte[][] names = new byte[NAMES][];
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private int next;

  /** Makes a directory of files, one of them large. */
  @Setup
  public void open() throws IOException, FsException {
    directory = Files.createTempDirectory("jmh");
    resources = new StoreResources(64L << 20);
    rig = new FileSystemRig(directory, resources, 1);
    fs = rig.fs();
    operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    for (int i = 0; i < NAMES; i++) {
      names[i] = FileSystemRig.name("file-" + i);
      NewInode what = FileSystemRig.what(FileType.REGULAR, 0644);
      file = fs.create(operation, fs.root(), names[i], what).inode();
    }
    for (int i = 0; i < BLOCKS; i++) {
      fs.write(operation, file, (long) i * BLOCK_BYTES, block.clear(), Stability.UNSTABLE).join();
    }
  }

  /** Finds a name. */
  @Benchmark
  public Inode lookup() throws FsException {
    return fs.lookup(operation, fs.root(), names[next++ & (NAMES - 1)]);
  }

  /** Reads 4 KiB. */
  @Benchmark
  public Object read() throws FsException {
    long offset = (long) (next++ & (BLOCKS - 1)) * BLOCK_BYTES;
    return fs.read(operation, file, offset, block.clear());
  }

  /** Overwrites 4 KiB, unstable. */
  @Benchmark
  public Object write() throws FsException {
    long offset = (long) (next++ & (BLOCKS - 1)) * BLOCK_BYTES;
    return fs.write(operation, file, offset, block.clear(), Stability.UNSTABLE);
  }

  /** Makes a file and removes it again. */
  @Benchmark
  public Change createAndRemove() throws FsException {
    byte[] name = FileSystemRig.name("new-" + next++);
    Created _ = fs.create(operation, fs.root(), name, FileSystemRig.what(FileType.REGULAR, 0644));
    return fs.remove(operation, fs.root(), name);
  }

  /** Renames a file, and back. */
  @Benchmark
  public Object rename() throws FsException {
    byte[] name = names[next++ & (NAMES - 1)];
    byte[] other = FileSystemRig.name("other");
    FileSystem.Renamed _ = fs.rename(operation, fs.root(), name, fs.root(), other);
    return fs.rename(operation, fs.root(), other, fs.root(), name);
  }

  /** Renames files as one read of a socket brings them: the journal is woken once for all. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public Object renameCorked() throws FsException {
    Object last = null;
    Cork.put();
    for (int i = 0; i < GROUP; i++) {
      last = rename();
    }
    Cork.pull();
    return last;
  }

  /** Removes all of it. */
  @TearDown
  public void close() throws Exception {
    rig.close();
    resources.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
