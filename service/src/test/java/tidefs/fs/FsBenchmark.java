package tidefs.fs;

import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.what;

import java.nio.file.Files;
import java.nio.file.Path;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** What the most frequent calls cost on one thread, in nanoseconds. Run by hand. */
final class FsBenchmark {
  private static final int FILES = 100_000;
  private static final int ROUNDS = 3_000_000;

  private FsBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("fs-benchmark");
    try (StoreResources resources = new StoreResources(64L << 20);
        FileSystemRig rig = new FileSystemRig(directory, resources, 1)) {
      FileSystem fs = rig.fs();
      Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
      byte[][] names = new byte[256][];
      for (int round = 0; round < 3; round++) {
        long start = Clock.system().monotonicNanos();
        for (int i = 0; i < FILES; i++) {
          byte[] name = name("file-" + round + "-" + i);
          names[i & 255] = name;
          fs.create(operation, fs.root(), name, what(FileType.REGULAR, 0644));
        }
        report("create", start, FILES);
        start = Clock.system().monotonicNanos();
        long sum = 0;
        for (int i = 0; i < ROUNDS; i++) {
          sum += fs.lookup(operation, fs.root(), names[i & 255]).ino();
        }
        report("lookup", start, ROUNDS);
        long ino = fs.lookup(operation, fs.root(), names[0]).ino();
        start = Clock.system().monotonicNanos();
        for (int i = 0; i < ROUNDS; i++) {
          sum += fs.attributes(operation, fs.inode(operation, ino)).change();
        }
        report("inode and attributes", start, ROUNDS);
        System.out.println(sum);
      }
    }
  }

  private static void report(String what, long start, int count) {
    long nanos = Clock.system().monotonicNanos() - start;
    System.out.printf("%-22s %,8d ns%n", what, nanos / count);
  }
}
