package tidefs.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.ObjectCache;
import tidefs.store.ObjectChunkStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreResources;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.EncryptedChunkStore;
import tidefs.store.crypt.SealedRecords;
import tidefs.store.local.ChunkResources;
import tidefs.store.local.DirectoryPlace;
import tidefs.store.local.LocalChunkStore;
import tidefs.store.local.LocalDisk;
import tidefs.testkit.Backlog;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.ManualClock;
import tidefs.testkit.PowerCutIo;
import tidefs.testkit.RecordedIo;

/**
 * Random work on a file system over the local drivers, with everything that it did to the disk,
 * every batch of its store, and what was acknowledged when.
 */
final class PowerCutTrace {
  static final Path ROOT = Path.of("/disk");
  static final Path JOURNAL = ROOT.resolve("journal");
  static final Path CHUNKS = ROOT.resolve("chunks");
  static final Path COLD = ROOT.resolve("cold");
  private static final int NAMES = 12;
  private static final int FILES = 24;
  private static final int FAR_SECTOR = 8192;
  private static final int SECTORS_OF_A_BLOCK = 4_096 / PowerCutHistory.SECTOR_BYTES;
  private static final long POLL_NANOS = 10_000;
  private static final int STEPS_TO_A_CHECKPOINT = 60;

  private final Random random;
  private final boolean overwrites;
  private final Optional<DataKey> key;
  private final RecordCipher records;
  private final ManualClock clock = new ManualClock();
  private final RecordedIo io;
  private final RecordedJournal journal;
  private final MetadataStore store;
  private final FileSystem fileSystem;
  private final Backlog background = new Backlog();
  private final PowerCutHistory history = new PowerCutHistory();
  private final TreeMap<PowerCutHistory.Name, Inode> names = new TreeMap<>();
  private final TreeMap<Integer, Long> flushed = new TreeMap<>();
  private final int firstCall;
  private long lastTag;
  private volatile boolean closing;

  /**
   * Works for {@code steps} steps.
   *
   * @param overwrites whether nearly all of it is writes over one another, to two files
   * @param encrypted whether records and contents are encrypted before the drivers see them
   * @param directory where the store may keep its state meanwhile
   */
  PowerCutTrace(
      long seed,
      int steps,
      boolean overwrites,
      boolean encrypted,
      Path directory,
      StoreResources resources)
      throws FsException, IOException {
    random = new Random(seed);
    this.overwrites = overwrites;
    key = encrypted ? Optional.of(DataKey.random(random::nextBytes)) : Optional.empty();
    records =
        key.<RecordCipher>map(
                it -> new SealedRecords(it, random::nextBytes, FileSystem::clearKeyBytes))
            .orElse(RecordCipher.NONE);
    io = new RecordedIo(new PowerCutIo(seed, ROOT));
    journal = new RecordedJournal(LocalDisk.journal(io, JOURNAL, 1, random::nextBytes));
    store = MetadataStore.open(directory, journal, resources, clock, records);
    try (ChunkResources chunkResources = new ChunkResources(64 << 10);
        ChunkStore chunks = encrypted(LocalChunkStore.open(io, CHUNKS, chunkResources))) {
      FileSystemConfig config =
          new FileSystemConfig(
                  store, chunks, clock, random::nextBytes, this::later, 1 << 16, 64, 6, 1_000_000)
              .withColdPlaces(
                  Map.of(
                      StorageClass.INFREQUENT_ACCESS,
                      cold(io, "ia"),
                      StorageClass.ARCHIVE,
                      cold(io, "archive")));
      FileSystem.format(config);
      fileSystem = FileSystem.open(config);
      flushed.put(0, 0L);
      firstCall = io.count();
      for (int step = 0; step < steps; step++) {
        clock.advance(Duration.ofMillis(1));
        step();
        if (step % STEPS_TO_A_CHECKPOINT == STEPS_TO_A_CHECKPOINT - 1 && random.nextBoolean()) {
          checkpoint();
        }
      }
      background.doAll(store);
      closing = true;
      fileSystem.close();
      flushed.put(io.count(), store.appliedSequence()); // As closing the store is about to.
    } finally {
      store.close();
    }
  }

  /** What opens the records of the store. */
  RecordCipher records() {
    return records;
  }

  private ChunkStore encrypted(ChunkStore chunks) {
    return key.<ChunkStore>map(it -> new EncryptedChunkStore(chunks, it)).orElse(chunks);
  }

  /** Chunks of a disk, to read. */
  ChunkStore chunks(tidefs.store.local.FileIo disk) {
    return encrypted(LocalDisk.chunks(disk, CHUNKS));
  }

  /** A place of a cold class on a disk. */
  ObjectChunkStore cold(tidefs.store.local.FileIo io, String name) {
    DirectoryPlace place = new DirectoryPlace(io, COLD.resolve(name));
    return new ObjectChunkStore(() -> place, records, new ObjectCache(1 << 20), Runnable::run);
  }

  private void move(Inode file) throws FsException {
    var change = begin(file, PowerCutHistory.Kind.COMMIT, 0, 0);
    Operation operation = FileSystemRig.root();
    join(fileSystem.commit(operation, file));
    finish(change, operation);
    StorageClass target = StorageClass.of(random.nextInt(3));
    fileSystem.lifecycle().move(file, target, Pace.UNLIMITED);
  }

  /** Everything done to the disk. */
  RecordedIo io() {
    return io;
  }

  /** The number of calls before the work began. */
  int firstCall() {
    return firstCall;
  }

  /** The batches of the store, from number 1 on. */
  List<byte[]> batches() {
    return journal.payloads();
  }

  PowerCutHistory history() {
    return history;
  }

  /** The last batch that the state on disk held when this much had been done. */
  long flushedAt(int calls) {
    return flushed.floorEntry(calls).getValue();
  }

  private void later(Runnable work) {
    if (closing) {
      work.run(); // Closing waits for it, and nobody else would do it.
      return;
    }
    background.execute(work);
  }

  /** Waits, and does the background work on which that may hang. */
  private void join(CompletableFuture<Void> future) {
    while (!future.isDone()) {
      if (!background.doNext()) {
        LockSupport.parkNanos(this, POLL_NANOS);
      }
    }
    future.join();
  }

  private void checkpoint() {
    store.awaitDurable(store.appliedSequence());
    long covered = store.appliedSequence();
    int calls = io.count();
    store.checkpoint();
    flushed.put(calls, covered);
  }

  private void step() throws FsException {
    List<PowerCutHistory.Name> all = new ArrayList<>(names.keySet());
    PowerCutHistory.Name some = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    int what = random.nextInt(21);
    if (overwrites && what >= 12 && what < 19 && random.nextInt(6) > 0) {
      what = 3 + random.nextInt(9); // Writes and commits, in place of sizes and names.
    }
    if (some == null || what < 3) {
      make();
    } else if (what < 14) {
      if (names.get(some).type() == FileType.REGULAR) {
        contents(names.get(some), what);
      }
    } else if (what < 16) {
      rename(some);
    } else if (what == 16) {
      remove(some);
    } else if (what == 17) {
      link(some);
    } else if (what == 20) {
      cloneRange(some);
    } else if (what == 18 && names.get(some).type() == FileType.REGULAR && random.nextInt(4) > 0) {
      move(names.get(some));
    } else if (what == 18) {
      Operation operation = FileSystemRig.root();
      var _ =
          fileSystem.setAttributes(
              operation, names.get(some), FileSystemRig.mode(random.nextInt(0777)), false);
      await(operation);
    } else {
      fileSystem.maintain();
      background.doAll(store);
    }
  }

  /** Acknowledges what was done, or leaves it under way. */
  private boolean await(Operation operation) {
    if (random.nextInt(3) == 0) {
      return false;
    }
    store.awaitDurable(operation.dependsOn());
    history.acknowledged(operation.dependsOn(), io.count());
    return true;
  }

  private PowerCutHistory.Name place() {
    List<Long> directories = new ArrayList<>(List.of(InodeNumbers.ROOT));
    names.values().stream()
        .filter(each -> each.type() == FileType.DIRECTORY)
        .forEach(each -> directories.add(each.ino()));
    return new PowerCutHistory.Name(
        directories.get(random.nextInt(directories.size())), "n" + random.nextInt(NAMES));
  }

  private Inode directory(PowerCutHistory.Name name) throws FsException {
    return fileSystem.inode(FileSystemRig.root(), name.directory());
  }

  private static byte[] bytes(PowerCutHistory.Name name) {
    return FileSystemRig.name(name.name());
  }

  private void make() throws FsException {
    PowerCutHistory.Name name = place();
    if (names.containsKey(name) || names.size() >= (overwrites ? 2 : FILES)) {
      return;
    }
    FileType type = random.nextInt(5) == 0 ? FileType.DIRECTORY : FileType.REGULAR;
    Operation operation = FileSystemRig.root();
    Inode made =
        fileSystem
            .create(operation, directory(name), bytes(name), FileSystemRig.what(type, 0755))
            .inode();
    names.put(name, made);
    history.named(name, made.ino(), operation.dependsOn());
    await(operation);
  }

  private void rename(PowerCutHistory.Name from) {
    PowerCutHistory.Name to = place();
    Operation operation = FileSystemRig.root();
    try {
      var _ = fileSystem.rename(operation, directory(from), bytes(from), directory(to), bytes(to));
    } catch (FsException e) {
      return; // A directory below itself, one that is not empty: nothing has changed.
    }
    Inode moved = names.get(from);
    if (names.get(to) != moved) {
      names.remove(from);
      names.put(to, moved);
      history.named(from, 0, operation.dependsOn());
      history.named(to, moved.ino(), operation.dependsOn());
    }
    await(operation);
  }

  private void remove(PowerCutHistory.Name name) {
    Operation operation = FileSystemRig.root();
    try {
      var _ = fileSystem.remove(operation, directory(name), bytes(name));
    } catch (FsException e) {
      return; // Not empty.
    }
    names.remove(name);
    history.named(name, 0, operation.dependsOn());
    await(operation);
  }

  private void link(PowerCutHistory.Name of) throws FsException {
    PowerCutHistory.Name name = place();
    Inode linked = names.get(of);
    if (linked.type() == FileType.REGULAR && !names.containsKey(name)) {
      Operation operation = FileSystemRig.root();
      var _ = fileSystem.link(operation, linked, directory(name), bytes(name));
      names.put(name, linked);
      history.named(name, linked.ino(), operation.dependsOn());
      await(operation);
    }
  }

  private void contents(Inode file, int what) throws FsException {
    switch (what) {
      case 3, 4, 5, 6, 7, 8 -> write(file);
      case 9, 10, 11 -> {
        var change = begin(file, PowerCutHistory.Kind.COMMIT, 0, 0);
        Operation operation = FileSystemRig.root();
        join(fileSystem.commit(operation, file));
        finish(change, operation);
      }
      default -> {
        int sectors = random.nextInt(3) == 0 ? 0 : random.nextInt(60);
        var change = begin(file, PowerCutHistory.Kind.RESIZE, 0, sectors);
        Operation operation = FileSystemRig.root();
        long size = (long) sectors * PowerCutHistory.SECTOR_BYTES;
        var _ = fileSystem.setAttributes(operation, file, FileSystemRig.size(size), true);
        finish(change, operation);
      }
    }
  }

  private void write(Inode file) throws FsException {
    boolean small = !overwrites && random.nextBoolean();
    int from = random.nextInt(small ? 8 : 50);
    if (random.nextInt(25) == 0) {
      from += FAR_SECTOR - 20;
    }
    int to = from + 1 + random.nextInt(small ? 4 : 20);
    boolean stable = random.nextInt(4) == 0;
    var kind = stable ? PowerCutHistory.Kind.STABLE_WRITE : PowerCutHistory.Kind.WRITE;
    var change = begin(file, kind, from, to);
    int bytes = (to - from) * PowerCutHistory.SECTOR_BYTES;
    ByteBuffer source = ByteBuffer.allocateDirect(bytes);
    while (source.hasRemaining()) {
      source.putLong(lastTag);
    }
    Operation operation = FileSystemRig.root();
    long offset = (long) from * PowerCutHistory.SECTOR_BYTES;
    Stability stability = stable ? Stability.FILE_SYNC : Stability.UNSTABLE;
    join(fileSystem.write(operation, file, offset, source.flip(), stability));
    finish(change, operation);
  }

  private void cloneRange(PowerCutHistory.Name from) throws FsException {
    Inode target = names.get(from);
    List<Inode> files =
        names.values().stream().filter(it -> it.type() == FileType.REGULAR).toList();
    if (target.type() != FileType.REGULAR) {
      return;
    }
    Inode source = files.get(random.nextInt(files.size()));
    int size = sectors(source);
    int first = SECTORS_OF_A_BLOCK * random.nextInt(3);
    int to = SECTORS_OF_A_BLOCK * random.nextInt(8);
    int count = random.nextBoolean() ? size - first : SECTORS_OF_A_BLOCK * random.nextInt(6);
    if (count <= 0 || count > size - first || (source == target && Math.abs(first - to) < count)) {
      return;
    }
    long[] tags = tags(source, first, count);
    var change = PowerCutHistory.FileChange.clone(to, to + count, io.count(), tags);
    history.begin(target.ino(), change);
    Operation operation = FileSystemRig.root();
    CloneRange range =
        new CloneRange(
            (long) first * PowerCutHistory.SECTOR_BYTES,
            (long) to * PowerCutHistory.SECTOR_BYTES,
            (long) count * PowerCutHistory.SECTOR_BYTES);
    var _ = fileSystem.clone(operation, source, target, range);
    finish(change, operation);
  }

  private int sectors(Inode file) throws FsException {
    long size = fileSystem.attributes(FileSystemRig.root(), file).size();
    return (int) (size / PowerCutHistory.SECTOR_BYTES);
  }

  /** What sectors have now, and zeros up to the end of the last block. */
  private long[] tags(Inode file, int from, int count) throws FsException {
    int blocks = (count + SECTORS_OF_A_BLOCK - 1) / SECTORS_OF_A_BLOCK;
    ByteBuffer bytes = ByteBuffer.allocateDirect(count * PowerCutHistory.SECTOR_BYTES);
    long offset = (long) from * PowerCutHistory.SECTOR_BYTES;
    join(fileSystem.read(FileSystemRig.root(), file, offset, bytes));
    long[] tags = new long[blocks * SECTORS_OF_A_BLOCK];
    for (int i = 0; i < count; i++) {
      tags[i] = bytes.getLong(i * PowerCutHistory.SECTOR_BYTES);
    }
    return tags;
  }

  private PowerCutHistory.FileChange begin(
      Inode file, PowerCutHistory.Kind kind, int from, int to) {
    var change = new PowerCutHistory.FileChange(kind, from, to, ++lastTag, io.count());
    history.begin(file.ino(), change);
    return change;
  }

  private void finish(PowerCutHistory.FileChange change, Operation operation) {
    history.done(change, operation.dependsOn());
    if (await(operation)) {
      history.acknowledged(change, io.count());
    }
  }
}
