package tidefs.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.fs.AttributeChanges;
import tidefs.fs.Attributes;
import tidefs.fs.Credentials;
import tidefs.fs.FileSystem;
import tidefs.fs.FileSystemConfig;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Fsck;
import tidefs.fs.Inode;
import tidefs.fs.NewInode;
import tidefs.fs.Operation;
import tidefs.fs.Stability;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreResources;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.EncryptedChunkStore;
import tidefs.store.crypt.SealedRecords;
import tidefs.store.memory.MemoryChunkStore;
import tidefs.store.memory.MemoryJournal;

/**
 * A file system in memory that can be killed and opened again. Its clock ticks a microsecond each
 * time it is read; background work runs when it is told to.
 */
public final class FileSystemRig implements AutoCloseable {
  private final Path directory;
  private final StoreResources resources;
  private final MemoryJournal.Log log = new MemoryJournal.Log();
  private final MemoryChunkStore chunks = new MemoryChunkStore();
  private final ColdPlace infrequentAccess = new ColdPlace();
  private final ColdPlace archive = new ColdPlace();
  private final Random random;
  private final Backlog background = new Backlog();
  private final Tick clock = new Tick();
  private final Optional<DataKey> key;
  private MetadataStore store;
  private FileSystem fileSystem;

  private static final class Tick implements Clock {
    private long micros = 1_800_000_000_000_000L;

    @Override
    public synchronized Instant now() {
      micros++;
      return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }

    @Override
    public synchronized long monotonicNanos() {
      return micros * 1_000;
    }

    synchronized void advance(long nanos) {
      micros += nanos / 1_000;
    }
  }

  /** A new, empty file system whose store works in {@code directory}. */
  public FileSystemRig(Path directory, StoreResources resources, long seed) {
    this(directory, resources, seed, Optional.empty());
  }

  /** A new, empty file system, encrypted if there is a key. */
  public FileSystemRig(Path directory, StoreResources resources, long seed, Optional<DataKey> key) {
    this.key = key;
    this.directory = directory;
    this.resources = resources;
    this.random = new Random(seed);
    store = openStore();
    FileSystem.format(config());
    fileSystem = FileSystem.open(config());
  }

  private MetadataStore openStore() {
    RecordCipher cipher =
        key.<RecordCipher>map(
                it -> new SealedRecords(it, Chance.system(), FileSystem::clearKeyBytes))
            .orElse(RecordCipher.NONE);
    return MetadataStore.open(directory, new MemoryJournal(log), resources, clock, cipher);
  }

  private FileSystemConfig config() {
    Chance chance = random::nextBytes;
    ChunkStore contents =
        key.<ChunkStore>map(it -> new EncryptedChunkStore(chunks, it)).orElse(chunks);
    return new FileSystemConfig(
            store, contents, clock, chance, background, 1 << 20, 4_096, 256, 5_000_000_000L)
        .withColdPlaces(
            Map.of(
                StorageClass.INFREQUENT_ACCESS,
                cold(StorageClass.INFREQUENT_ACCESS),
                StorageClass.ARCHIVE,
                cold(StorageClass.ARCHIVE)));
  }

  /** The place of a cold storage class, which outlives a kill. */
  public ColdPlace cold(StorageClass storageClass) {
    return storageClass == StorageClass.ARCHIVE ? archive : infrequentAccess;
  }

  /** The file system that is open now. */
  public FileSystem fs() {
    return fileSystem;
  }

  /** The chunks, which outlive a kill. */
  public MemoryChunkStore chunks() {
    return chunks;
  }

  /** Lets time pass. */
  public void advance(long nanos) {
    clock.advance(nanos);
  }

  /** Runs the background work there is, and what it leads to; returns how much. */
  public int runBackground() {
    return background.doAll(store);
  }

  /** The process dies and another opens the file system: what memory alone knew is lost. */
  public void kill() {
    background.clear();
    reopen();
  }

  /** Closes in good order and opens again. */
  public void restart() {
    fileSystem.close();
    runBackground();
    reopen();
  }

  private void reopen() {
    store.close();
    background.clear();
    store = openStore();
    fileSystem = FileSystem.open(config());
  }

  /** What is wrong with the file system, once all is written and reclaimed. */
  public List<String> check() {
    fileSystem.close();
    runBackground();
    List<String> problems = new ArrayList<>();
    try (MetadataStore.Snapshot snapshot = store.snapshot()) {
      Fsck.check(snapshot, chunks, problems::add);
    }
    return problems;
  }

  @Override
  public void close() {
    store.close();
  }

  /** An operation of the superuser that may wait. */
  public static Operation root() {
    return new Operation(Credentials.ROOT, Blocking.ALLOWED);
  }

  /** An operation of a user that may wait. */
  public static Operation user(int uid, int gid, int... groups) {
    return new Operation(new Credentials(uid, gid, groups), Blocking.ALLOWED);
  }

  /** A name's bytes. */
  public static byte[] name(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** What to make of {@code type} with {@code mode}. */
  public static NewInode what(FileType type, int mode) {
    return new NewInode(type, mode(mode), new byte[0], 0);
  }

  /** A change of the mode alone. */
  public static AttributeChanges mode(int mode) {
    return changes(OptionalInt.of(mode), OptionalLong.empty());
  }

  /** A change of the size alone. */
  public static AttributeChanges size(long size) {
    return changes(OptionalInt.empty(), OptionalLong.of(size));
  }

  private static AttributeChanges changes(OptionalInt mode, OptionalLong size) {
    return new AttributeChanges(
        mode, OptionalInt.empty(), OptionalInt.empty(), size, Optional.empty(), Optional.empty());
  }

  /** Makes a regular file with mode 0644. */
  public Inode file(Inode parent, String name) throws FsException {
    return fileSystem.create(root(), parent, name(name), what(FileType.REGULAR, 0644)).inode();
  }

  /** Makes a directory with mode 0755. */
  public Inode directory(Inode parent, String name) throws FsException {
    return fileSystem.create(root(), parent, name(name), what(FileType.DIRECTORY, 0755)).inode();
  }

  /** Writes and waits for what {@code stability} says. */
  public void write(Inode file, long offset, byte[] bytes, Stability stability) throws FsException {
    Operation operation = root();
    ByteBuffer source = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    fileSystem.write(operation, file, offset, source, stability).join();
    store.awaitDurable(operation.dependsOn());
  }

  /** Reads what there is of {@code count} bytes. */
  public byte[] read(Inode file, long offset, int count) throws FsException {
    return read(root(), file, offset, count);
  }

  /** Reads what there is of {@code count} bytes. */
  public byte[] read(Operation operation, Inode file, long offset, int count) throws FsException {
    int there = fileSystem.extent(operation, file, offset, count).bytes();
    ByteBuffer target = ByteBuffer.allocateDirect(there);
    fileSystem.read(operation, file, offset, target).join();
    byte[] bytes = new byte[there];
    target.get(bytes);
    return bytes;
  }

  /** Commits and waits. */
  public void commit(Inode file) throws FsException {
    Operation operation = root();
    fileSystem.commit(operation, file).join();
    store.awaitDurable(operation.dependsOn());
  }

  /** The attributes now. */
  public Attributes attributes(Inode inode) throws FsException {
    return fileSystem.attributes(root(), inode);
  }

  /** Sets the size. */
  public void truncate(Inode file, long size) throws FsException {
    fileSystem.setAttributes(root(), file, size(size), true);
  }

  /** Looks up. */
  public Inode lookup(Inode directory, String name) throws FsException {
    return fileSystem.lookup(root(), directory, name(name));
  }

  /** Removes a name. */
  public void remove(Inode directory, String name) throws FsException {
    fileSystem.remove(root(), directory, name(name));
  }
}
