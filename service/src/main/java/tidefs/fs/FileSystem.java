package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import tidefs.store.MetadataStore;

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
  /** The root directory; its inode number is 1. */
  public Inode root() {
    throw new UnsupportedOperationException();
  }

  /** The store whose durability answers wait for. */
  public MetadataStore store() {
    throw new UnsupportedOperationException();
  }

  /** A value that is new each time the file system is opened: the NFS write verifier. */
  public long incarnation() {
    throw new UnsupportedOperationException();
  }

  /** The inode with number {@code ino}, as a file handle names it. ESTALE if it is gone. */
  public Inode inode(Operation operation, long ino) throws FsException {
    throw new UnsupportedOperationException();
  }

  /** The attributes now, unstable writes included. ESTALE if the inode is gone. */
  public Attributes attributes(Operation operation, Inode inode) throws FsException {
    throw new UnsupportedOperationException();
  }

  /** Looks {@code name} up. ENOENT, ENOTDIR, ELOOP if {@code directory} is a symbolic link. */
  public Inode lookup(Operation operation, Inode directory, byte[] name) throws FsException {
    throw new UnsupportedOperationException();
  }

  /** The parent directory; ENOENT for the root. */
  public Inode parent(Operation operation, Inode directory) throws FsException {
    throw new UnsupportedOperationException();
  }

  /**
   * Which of the {@link Permission} bits {@code wanted} the caller has, by mode bits alone. The
   * owner gets no bonus here.
   */
  public int permitted(Operation operation, Inode inode, int wanted) throws FsException {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Makes {@code name} in {@code directory}. If the name exists: EEXIST, or, for a regular file
   * made with a verifier that equals the existing file's, that file with {@code isNew} false.
   */
  public Created create(Operation operation, Inode directory, byte[] name, NewInode what)
      throws FsException {
    throw new UnsupportedOperationException();
  }

  /** Adds a hard link. EPERM for a directory, EMLINK, EEXIST. */
  public Change link(Operation operation, Inode inode, Inode directory, byte[] name)
      throws FsException {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes a name. The inode lives on while it has other names or is {@linkplain #retain
   * retained}. ENOTEMPTY for a directory that is not empty.
   */
  public Change remove(Operation operation, Inode directory, byte[] name) throws FsException {
    throw new UnsupportedOperationException();
  }

  /** What {@link #rename} did to its two directories. */
  public record Renamed(Change source, Change target) {}

  /**
   * Renames, over an existing name if POSIX lets it. EINVAL for a directory moved below itself,
   * EISDIR, ENOTDIR, ENOTEMPTY, EEXIST.
   */
  public Renamed rename(Operation operation, Inode source, byte[] from, Inode target, byte[] to)
      throws FsException {
    throw new UnsupportedOperationException();
  }

  /** A symbolic link's target. EINVAL for anything else. */
  public byte[] readLink(Operation operation, Inode link) throws FsException {
    throw new UnsupportedOperationException();
  }

  /**
   * Lists entries after {@code cookie} (0 from the start) in an order that never changes, without
   * {@code .} and {@code ..}, until {@code sink} declines.
   *
   * @return true if the end was reached
   */
  public boolean list(Operation operation, Inode directory, long cookie, EntrySink sink)
      throws FsException {
    throw new UnsupportedOperationException();
  }

  /**
   * Keeps the inode's contents alive though its last name goes, until {@link #release}. Counted. An
   * inode without names whose holders are gone is removed; after a crash, when it is opened again.
   */
  public void retain(Inode inode) {
    throw new UnsupportedOperationException();
  }

  /** Gives up one {@link #retain}. */
  public void release(Inode inode) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Reads into {@code target} (direct; position to limit) bytes that {@link #extent} promised;
   * zeros where the file has shrunk since. The buffer is the caller's again when the future
   * completes; it is complete already if nothing had to be waited for.
   */
  public CompletableFuture<Void> read(
      Operation operation, Inode file, long offset, ByteBuffer target) throws FsException {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Makes all unstable writes to {@code file} durable: first the bytes, then size and times, which
   * the completed future has noted in {@link Operation#dependsOn}.
   */
  public CompletableFuture<Void> commit(Operation operation, Inode file) throws FsException {
    throw new UnsupportedOperationException();
  }

  /** What the file system holds now. */
  public Usage usage() {
    throw new UnsupportedOperationException();
  }

  /** The records that a protocol keeps with the file system to recover its clients. */
  public RecoveryRecords recoveryRecords() {
    throw new UnsupportedOperationException();
  }

  /** Makes everything durable and closes. No operation may be under way. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
