package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.what;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

final class FsConcurrencyTest {
  private static final int THREADS = 4;
  private static final int OPERATIONS = 5_000;
  @TempDir private Path directory;

  @Test
  void manyThreadsOnTheSameDirectoriesLeaveAFileSystemThatIsWhole() throws Exception {
    try (StoreResources resources = new StoreResources(32L << 20);
        FileSystemRig rig = new FileSystemRig(directory, resources, 1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Inode> directories = new ArrayList<>();
      directories.add(rig.fs().root());
      for (int i = 0; i < 3; i++) {
        directories.add(rig.directory(rig.fs().root(), "d" + i));
      }
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(thread);
        running.add(
            threads.submit(() -> {
              for (int i = 0; i < OPERATIONS; i++) {
                step(rig.fs(), random, directories);
              }
            }));
      }
      while (!running.stream().allMatch(Future::isDone)) {
        rig.runBackground(); // What is handed to the background is waited for by the others.
        Thread.onSpinWait();
      }
      for (Future<?> each : running) {
        each.get();
      }
      assertThat(rig.check()).isEmpty();
    }
  }

  @Test
  void aNameThatIsGivenToOtherFilesIsFoundAtEachInstant() throws Exception {
    try (StoreResources resources = new StoreResources(32L << 20);
        FileSystemRig rig = new FileSystemRig(directory, resources, 1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      Inode root = rig.fs().root();
      Operation mine = new Operation(Credentials.ROOT, Blocking.ALLOWED);
      rig.fs().create(mine, root, name("wanted"), what(FileType.REGULAR, 0644));
      List<Future<?>> lookingUp = new ArrayList<>();
      AtomicBoolean done = new AtomicBoolean();
      for (int thread = 1; thread < THREADS; thread++) {
        Operation theirs = new Operation(Credentials.ROOT, Blocking.ALLOWED);
        lookingUp.add(
            threads.submit(() -> {
              while (!done.get()) {
                assertThat(rig.fs().lookup(theirs, root, name("wanted")).ino()).isPositive();
              }
              return null;
            }));
      }
      for (int i = 0; i < OPERATIONS; i++) {
        rig.fs().create(mine, root, name("next"), what(FileType.REGULAR, 0644));
        rig.fs().rename(mine, root, name("next"), root, name("wanted"));
      }
      done.set(true);
      for (Future<?> each : lookingUp) {
        each.get();
      }
    }
  }

  private static void step(FileSystem fs, Random random, List<Inode> directories) {
    Operation operation =
        new Operation(
            Credentials.ROOT, random.nextBoolean() ? Blocking.ALLOWED : Blocking.FORBIDDEN);
    Inode one = directories.get(random.nextInt(directories.size()));
    Inode other = directories.get(random.nextInt(directories.size()));
    byte[] from = name("n" + random.nextInt(20));
    byte[] to = name("n" + random.nextInt(20));
    try {
      switch (random.nextInt(10)) {
        case 0, 1 -> fs.create(operation, one, from, what(FileType.REGULAR, 0644));
        case 2 -> fs.create(operation, one, from, what(FileType.DIRECTORY, 0755));
        case 3 -> fs.remove(operation, one, from);
        case 4, 5 -> fs.rename(operation, one, from, other, to);
        case 6 -> fs.link(operation, fs.lookup(operation, one, from), other, to);
        case 7 -> {
          Inode file = fs.lookup(operation, one, from);
          long size = random.nextInt(20_000);
          fs.setAttributes(operation, file, FileSystemRig.size(size), true);
          fs.commit(operation, file).join();
        }
        case 8 -> fs.list(operation, one, 0, (cookie, name, ino, attributes) -> true);
        default -> write(fs, operation, random, fs.lookup(operation, one, from));
      }
    } catch (FsException | WouldBlock e) {
      assertThat(e).isNotNull(); // An answer like any other: others work on the same names.
    }
  }

  private static void write(FileSystem fs, Operation operation, Random random, Inode file)
      throws FsException {
    fs.retain(file);
    try {
      ByteBuffer source = ByteBuffer.allocateDirect(1 + random.nextInt(9_000));
      Stability stability = Stability.values()[random.nextInt(3)];
      fs.write(operation, file, random.nextInt(30_000), source, stability).join();
    } finally {
      fs.release(file);
    }
  }
}
