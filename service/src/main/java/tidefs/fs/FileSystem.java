package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tidefs.base.Blocking;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;

/**
 * One file system with POSIX semantics.
 *
 * <p>Any thread may call. Operations are whole: other operations see all of one or nothing. Each
 * notes in its {@link Operation} the sequence number of the store on which its answer depends; the
 * answer must not leave before {@link #store} has that number durable. With {@link
 * tidefs.base.Blocking#FORBIDDEN} an operation that would have to wait throws {@link
 * tidefs.base.WouldBlock} before it has changed anything.
 *
 * <p>Names are bytes as the protocol checked them: 1 to 255, no slash, no NUL, not {@code .} or
 * {@code ..}. Permissions (including search permission on the directories given) are checked here
 * unless said otherwise.
 */
public final class FileSystem implements AutoCloseable {
  private final Core core;
  private final Inode root;
  private final long incarnation;
  private final Lookups lookups;
  private final Namespace namespace;
  private final Renamer renamer;
  private final AttributeSetter attributeSetter;
  private final Contents contents;
  private final Commits commits;
  private final Holes holes;
  private final Cloner cloner;
  private final ExtendedAttributes extendedAttributes;
  private final RecoveryRecords recoveryRecords;
  private final Lifecycle lifecycle;

  private FileSystem(Core core, Inode root) {
    this.core = core;
    this.root = root;
    incarnation = core.config().chance().nextLong();
    Sizes sizes = new Sizes(core);
    lookups = new Lookups(core);
    namespace = new Namespace(core, sizes);
    renamer = new Renamer(core, namespace);
    attributeSetter = new AttributeSetter(core, sizes);
    commits = new Commits(core);
    RedoWrites redoWrites = new RedoWrites(core, commits);
    contents = new Contents(core, sizes, commits, redoWrites);
    holes = new Holes(core, sizes);
    cloner = new Cloner(core, contents, holes);
    extendedAttributes = new ExtendedAttributes(core);
    recoveryRecords = new StoredRecoveryRecords(core.store());
    lifecycle = new Lifecycle(core, commits);
  }

  /**
   * Makes a file system in an empty store: a root directory that belongs to the superuser, with
   * mode 0755. Durable on return.
   */
  public static void format(FileSystemConfig config) {
    Superblock.format(config);
  }

  /**
   * How many bytes at the beginning of a key of a file system's store are no secret. Whoever
   * encrypts the rest keeps the order of keys that differ in these.
   */
  public static int clearKeyBytes(byte[] key) {
    return Keys.clearBytes(key);
  }

  /** True if the store holds a file system. */
  public static boolean isFormatted(MetadataStore store) {
    return store.get(Keys.SUPERBLOCK, Blocking.ALLOWED).isPresent();
  }

  /**
   * Numbers that no chunk of a file system has had yet, nor any after them.
   *
   * @param ino of inodes
   * @param move of generations of chunks that are moved, without their sign
   */
  public record Unused(long ino, int move) {}

  /**
   * Numbers that a file system, which nobody has open, has not used yet: what a crash may have left
   * of ones whose reservation it lost is passed over. Durable on return.
   */
  public static Unused unused(MetadataStore store) {
    InodeNumbers numbers = new InodeNumbers(store);
    numbers.raise(numbers.reservedEnd() + Limits.INODE_NUMBERS_RESERVED);
    Unused unused = new Unused(numbers.reservedEnd(), new Generations(store).skip());
    store.awaitDurable(store.appliedSequence());
    return unused;
  }

  /**
   * Opens the file system that {@code config}'s store holds, and goes on with what a crash
   * interrupted.
   *
   * @throws tidefs.store.StoreFault if there is none, or one of a format that is not known
   */
  public static FileSystem open(FileSystemConfig config) {
    Superblock.upgrade(config.store());
    return open(config, Superblock.read(config.store()).hash());
  }

  /** Opens a file system whose names are spread by {@code hash}: the same each time. */
  static FileSystem open(FileSystemConfig config, NameHash hash) {
    Core core = new Core(config, hash);
    new RedoWrites(core, new Commits(core)).redo();
    core.reclaimer().resume();
    try {
      Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
      return new FileSystem(core, core.load(operation, InodeNumbers.ROOT));
    } catch (FsException e) {
      throw new StoreFault("the file system has no root directory", e);
    }
  }

  /**
   * Does what is due: makes unstable writes durable that have waited long enough. To be called
   * about once a second; never blocks, the work goes to the background.
   */
  public void maintain() {
    FileSystemConfig config = core.config();
    core.tiers().tick();
    commits.flushOlder(config.clock().monotonicNanos() - config.flushNanos());
  }

  /** The root directory; its inode number is 1. */
  public Inode root() {
    return root;
  }

  /** The store whose durability answers wait for. */
  public MetadataStore store() {
    return core.store();
  }

  /** A value that is new each time the file system is opened: the NFS write verifier. */
  public long incarnation() {
    return incarnation;
  }

  /** The inode with number {@code ino}, as a file handle names it. ESTALE if it is gone. */
  public Inode inode(Operation operation, long ino) throws FsException {
    return core.load(operation, ino);
  }

  /** The attributes now, unstable writes included. ESTALE if the inode is gone. */
  public Attributes attributes(Operation operation, Inode inode) throws FsException {
    return core.live(operation, inode).attributes();
  }

  /** Looks {@code name} up. ENOENT, ENOTDIR, ELOOP if {@code directory} is a symbolic link. */
  public Inode lookup(Operation operation, Inode directory, byte[] name) throws FsException {
    return lookups.lookup(operation, directory, name);
  }

  /** The parent directory; ENOENT for the root. */
  public Inode parent(Operation operation, Inode directory) throws FsException {
    return lookups.parent(operation, directory);
  }

  /**
   * Which of the {@link Permission} bits {@code wanted} the caller has, by mode bits alone. The
   * owner gets no bonus here.
   */
  public int permitted(Operation operation, Inode inode, int wanted) throws FsException {
    return Access.of(operation.credentials(), core.live(operation, inode).attributes()) & wanted;
  }

  /**
   * Sets attributes, all or none. A size is set by whoever may write ({@code writable} says that
   * the caller holds the file open for writing, which suffices). Clears setuid and setgid as POSIX
   * says. EPERM, EACCES, EFBIG, EISDIR and EINVAL (size of what is no regular file).
   *
   * @return the attributes afterwards
   */
  public Attributes setAttributes(
      Operation operation, Inode inode, AttributeChanges changes, boolean writable)
      throws FsException {
    return attributeSetter.set(operation, inode, changes, writable);
  }

  /**
   * Makes {@code name} in {@code directory}. If the name exists: EEXIST, or, for a regular file
   * made with a verifier that equals the existing file's, that file with {@code isNew} false.
   */
  public Created create(Operation operation, Inode directory, byte[] name, NewInode what)
      throws FsException {
    return namespace.create(operation, directory, name, what);
  }

  /** Adds a hard link. EPERM for a directory, EMLINK, EEXIST. */
  public Change link(Operation operation, Inode inode, Inode directory, byte[] name)
      throws FsException {
    return namespace.link(operation, inode, directory, name);
  }

  /**
   * Removes a name. The inode lives on while it has other names or is {@linkplain #retain
   * retained}. ENOTEMPTY for a directory that is not empty.
   */
  public Change remove(Operation operation, Inode directory, byte[] name) throws FsException {
    return namespace.remove(operation, directory, name);
  }

  /** What {@link #rename} did to its two directories. */
  public record Renamed(Change source, Change target) {}

  /**
   * Renames, over an existing name if POSIX lets it. EINVAL for a directory moved below itself,
   * EISDIR, ENOTDIR, ENOTEMPTY, EEXIST.
   */
  public Renamed rename(Operation operation, Inode source, byte[] from, Inode target, byte[] to)
      throws FsException {
    return renamer.rename(operation, source, from, target, to);
  }

  /** A symbolic link's target. EINVAL for anything else. */
  public byte[] readLink(Operation operation, Inode link) throws FsException {
    return lookups.readLink(operation, link);
  }

  /**
   * Lists entries after {@code cookie} (0 from the start) in an order that never changes, without
   * {@code .} and {@code ..}, until {@code sink} declines.
   *
   * @return true if the end was reached
   */
  public boolean list(Operation operation, Inode directory, long cookie, EntrySink sink)
      throws FsException {
    return lookups.list(operation, directory, cookie, sink);
  }

  /**
   * Keeps the inode's contents alive though its last name goes, until {@link #release}. Counted. An
   * inode without names whose holders are gone is removed; after a crash, when it is opened again.
   */
  public void retain(Inode inode) {
    inode.lock(Blocking.ALLOWED);
    try {
      inode.addHolds(1);
    } finally {
      inode.unlock();
    }
  }

  /** Gives up one {@link #retain}. */
  public void release(Inode inode) {
    inode.lock(Blocking.ALLOWED);
    try {
      inode.addHolds(-1);
      core.reclaimer().afterUse(inode);
    } finally {
      inode.unlock();
    }
  }

  /**
   * How many bytes a read of {@code count} at {@code offset} would give now, and if they end it.
   */
  public record Extent(int bytes, boolean end) {}

  /**
   * What a read would give. No permission is checked: the caller knows who opened the file. ENOTREG
   * or EISDIR for what is no regular file; offsets are unsigned.
   */
  public Extent extent(Operation operation, Inode file, long offset, int count) throws FsException {
    return contents.extent(operation, file, offset, count);
  }

  /**
   * Reads into {@code target} (direct; position to limit) bytes that {@link #extent} promised;
   * zeros where the file has shrunk since. The buffer is the caller's again when the future
   * completes; it is complete already if nothing had to be waited for.
   */
  public CompletableFuture<Void> read(
      Operation operation, Inode file, long offset, ByteBuffer target) throws FsException {
    return contents.read(operation, file, offset, target);
  }

  /**
   * Writes {@code source} (direct; position to limit). No permission is checked. When the future
   * completes the bytes are readable; if {@code stability} asks for it they are durable once {@link
   * Operation#dependsOn} (noted before completion) is. EFBIG, ENOTREG, EISDIR; ENOSPC as a failed
   * future's {@link FsException}.
   */
  public CompletableFuture<Void> write(
      Operation operation, Inode file, long offset, ByteBuffer source, Stability stability)
      throws FsException {
    return contents.write(operation, file, offset, source, stability);
  }

  /**
   * Makes all unstable writes to {@code file} durable: first the bytes, then size and times, which
   * the completed future has noted in {@link Operation#dependsOn}.
   */
  public CompletableFuture<Void> commit(Operation operation, Inode file) throws FsException {
    InodeState state = core.live(operation, file);
    Contents.checkRegular(state);
    return commits.commit(operation, file);
  }

  /**
   * Where the next data ({@code data}) or the next hole begins, from {@code offset} on; the file's
   * size if there is none. What is not written is a hole, in units of 4 KiB, and so is everything
   * beyond the end. ENXIO for an offset at or beyond it; ENOTREG, EISDIR.
   */
  public long seek(Operation operation, Inode file, long offset, boolean data) throws FsException {
    return holes.find(operation, file, offset, data);
  }

  /**
   * Sees to it that the file has {@code length} bytes (positive) from {@code offset} on, which read
   * as zeros where nothing was written. No space is set apart: the file system has no size. EFBIG,
   * EINVAL, ENOTREG, EISDIR.
   */
  public void allocate(Operation operation, Inode file, long offset, long length)
      throws FsException {
    holes.allocate(operation, file, offset, length);
  }

  /**
   * Punches a hole: {@code length} bytes (positive) read as zeros, and whole blocks of 4 KiB of
   * them count no more. The size stays. A large hole is punched in steps, each of which is whole.
   * EINVAL, ENOTREG, EISDIR.
   */
  public void punchHole(Operation operation, Inode file, long offset, long length)
      throws FsException {
    holes.punch(operation, file, offset, length);
  }

  /**
   * Gives a range of {@code target} the bytes and holes that {@code source}, which may be the same
   * file, has in another; at once for everyone, and durable as a whole. No permission is checked.
   * It has to wait. EINVAL for a range that is not as {@link CloneRange} says, or overlaps itself;
   * EFBIG if the target would be too large, or have more data than {@link Limits#CLONE_BYTES};
   * ENOTREG, EISDIR.
   *
   * @return the bytes moved for that
   */
  public long clone(Operation operation, Inode source, Inode target, CloneRange range)
      throws FsException {
    return cloner.run(operation, source, target, range);
  }

  /** The value of an extended attribute. ENODATA, EACCES; ENOTREG for what can have none. */
  public byte[] xattr(Operation operation, Inode inode, byte[] name) throws FsException {
    return extendedAttributes.value(operation, inode, name);
  }

  /**
   * Sets an extended attribute. E2BIG and ENAMETOOLONG beyond {@link Limits}, ENOSPC if all of the
   * inode's are too much; EEXIST, ENODATA by {@code existence}; EACCES, EPERM, ENOTREG.
   *
   * @return the inode's change attribute around it
   */
  public Change setXattr(
      Operation operation, Inode inode, byte[] name, byte[] value, XattrExistence existence)
      throws FsException {
    return extendedAttributes.set(operation, inode, name, value, existence);
  }

  /** Removes an extended attribute. ENODATA, EACCES, EPERM, ENOTREG. */
  public Change removeXattr(Operation operation, Inode inode, byte[] name) throws FsException {
    return extendedAttributes.remove(operation, inode, name);
  }

  /**
   * Lists the names of extended attributes after {@code cookie} (0 from the start), in an order
   * that never changes, until {@code sink} declines.
   *
   * @return true if the end was reached
   */
  public boolean listXattrs(Operation operation, Inode inode, long cookie, XattrSink sink)
      throws FsException {
    return extendedAttributes.list(operation, inode, cookie, sink);
  }

  /** The file system at this instant, unstable writes so far included. Close it soon. */
  public Snapshot snapshot() {
    commits.flushAll();
    return new Snapshot(this, core);
  }

  /**
   * A check of the file system as it is at one instant, while it is in use. Waits for the disk.
   *
   * @param mostBytes of memory that it may take
   */
  public LiveCheck check(long mostBytes) {
    return new LiveCheck(core, mostBytes);
  }

  /** Begins or ends to keep marks of what changes, for {@link Snapshot#changes}. Durable. */
  public void keepChanges(boolean wanted) {
    core.changes().keep(wanted);
  }

  /** Whether marks of what changes are kept. */
  public boolean keepsChanges() {
    return core.changes().on();
  }

  /** What these marks tell has been copied: they go, but for those of what has changed since. */
  public void forget(List<ChangeIndex.Change> copied) {
    copied.forEach(core.changes()::forget);
  }

  /** A way to fill a file system, which nobody uses yet, with a copy. */
  public Restorer restorer() {
    return new Restorer(this, core, new Sizes(core));
  }

  /** A way to make a file system follow another, of which it is a copy. */
  public Importer importer() {
    return new Importer(this, core, namespace);
  }

  /** What the file system holds now. */
  public Usage usage() {
    return core.usage().usage();
  }

  /** What moves files between storage classes. */
  public Lifecycle lifecycle() {
    return lifecycle;
  }

  /** The records that a protocol keeps with the file system to recover its clients. */
  public RecoveryRecords recoveryRecords() {
    return recoveryRecords;
  }

  /**
   * Makes everything durable. No operation may be under way, and none may follow. The stores are
   * their owner's to close, once the background work that was handed over has run.
   */
  @Override
  public void close() {
    commits.flushAll();
    core.store().awaitDurable(core.store().appliedSequence());
  }
}
