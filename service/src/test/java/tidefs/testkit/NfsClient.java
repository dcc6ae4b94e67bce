package tidefs.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.LockType;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;

/**
 * A blocking NFS client for tests, with a method for what a test commonly does. What fails throws
 * {@link NfsFailure} with the status. Anything else can be said through {@link #wire()}.
 */
public final class NfsClient implements AutoCloseable {
  /** The open-owner and lock-owner of a test that does not care. */
  public static final String OWNER = "owner";

  private static final int OPEN_CONFIRM_NEEDED = 2;
  private static final int READDIR_BYTES = 32 * 1024;

  /** Refusals after which a sequence number counts as not used (RFC 7530 §9.1.7). */
  private static final Set<Status> SEQID_KEPT =
      EnumSet.of(
          Status.STALE_CLIENTID,
          Status.STALE_STATEID,
          Status.BAD_STATEID,
          Status.BAD_SEQID,
          Status.BADXDR,
          Status.RESOURCE,
          Status.NOFILEHANDLE,
          Status.MOVED);

  private final NfsWire wire;
  private final Map<String, Integer> seqids = new HashMap<>();

  private NfsClient(NfsWire wire) {
    this.wire = wire;
  }

  /** Connects as {@code name}, makes client id and session, and reclaims nothing. */
  public static NfsClient connect(
      SocketAddress address, int minorVersion, Credentials as, String name) throws IOException {
    var wire = new NfsWire(address, minorVersion, as, name, 1);
    wire.establish();
    wire.reclaimComplete();
    return new NfsClient(wire);
  }

  /** Connects as above; in 4.1 the server may call over the connection. */
  public static NfsClient connectWithBackChannel(
      SocketAddress address, int minorVersion, Credentials as, String name) throws IOException {
    var wire = new NfsWire(address, minorVersion, as, name, 1);
    wire.establish(true);
    wire.reclaimComplete();
    return new NfsClient(wire);
  }

  /** The conveniences over a wire that the test has set up itself. */
  public static NfsClient over(NfsWire wire) {
    return new NfsClient(wire);
  }

  /** What lies below: COMPOUNDs, slots, the socket. */
  public NfsWire wire() {
    return wire;
  }

  /** The root. */
  public FileHandle root() throws IOException {
    return lookup("/");
  }

  /** The file at {@code path} below the root. */
  public FileHandle lookup(String path) throws IOException {
    return last(wire.compound().putRootFh().walk(path).getFh(), FileHandle.class);
  }

  /** The entry {@code name} of {@code directory}. */
  public FileHandle lookup(FileHandle directory, String name) throws IOException {
    return last(at(directory).lookup(name).getFh(), FileHandle.class);
  }

  /** Attributes of a file. */
  public FileAttributes getattr(FileHandle file, int... numbers) throws IOException {
    return last(at(file).getAttr(numbers), FileAttributes.class);
  }

  /** Attributes of a file that most tests look at. */
  public FileAttributes stat(FileHandle file) throws IOException {
    return getattr(
        file,
        Attribute.TYPE,
        Attribute.CHANGE,
        Attribute.SIZE,
        Attribute.FILEID,
        Attribute.MODE,
        Attribute.NUMLINKS,
        Attribute.OWNER,
        Attribute.OWNER_GROUP,
        Attribute.SPACE_USED,
        Attribute.TIME_ACCESS,
        Attribute.TIME_METADATA,
        Attribute.TIME_MODIFY);
  }

  /** Sets attributes. */
  public void setattr(FileHandle file, NewAttributes attributes) throws IOException {
    wire.call(at(file).setAttr(StateId.ANONYMOUS, attributes)).ok();
  }

  /** Which of these rights the caller has. */
  public int access(FileHandle file, int rights) throws IOException {
    return last(at(file).access(rights), CompoundResult.Rights.class).granted();
  }

  /** Opens an existing file. */
  public OpenFile open(FileHandle directory, String name, int access) throws IOException {
    return open(directory, name, access, OWNER, new XdrOut().int32(0));
  }

  /** Makes a file that must not exist (GUARDED4) and opens it for reading and writing. */
  public OpenFile create(FileHandle directory, String name, int mode) throws IOException {
    var how = new XdrOut().int32(1).int32(1);
    NewAttributes.none().mode(mode).encode(how);
    return open(directory, name, Share.ACCESS_BOTH, OWNER, how);
  }

  /** Opens a file, making it if it is not there (UNCHECKED4). */
  public OpenFile openOrCreate(FileHandle directory, String name, NewAttributes attributes)
      throws IOException {
    var how = new XdrOut().int32(1).int32(0);
    attributes.encode(how);
    return open(directory, name, Share.ACCESS_BOTH, OWNER, how);
  }

  /** Opens a file in any way: {@code how} is an openflag4. Confirms the open if 4.0 asks for it. */
  public OpenFile open(FileHandle directory, String name, int access, String owner, XdrOut how)
      throws IOException {
    XdrOut claim = new XdrOut().int32(0).text(name);
    return open(at(directory), access, owner, how, claim);
  }

  /** Opens a file again that was open before the server restarted (CLAIM_PREVIOUS). */
  public OpenFile reclaim(OpenFile file, int access) throws IOException {
    XdrOut claim = new XdrOut().int32(1).int32(0);
    return open(at(file.handle()), access, file.owner(), new XdrOut().int32(0), claim);
  }

  private OpenFile open(Compound compound, int access, String owner, XdrOut how, XdrOut claim)
      throws IOException {
    compound
        .open(seqid(owner), access, Share.DENY_NONE, wire.clientId(), owner, how, claim)
        .getFh();
    CompoundResult result = sequenced(compound, 18, owner);
    var opened = result.of(18, CompoundResult.Opened.class);
    var file = new OpenFile(result.last(FileHandle.class), owner, opened.stateId());
    if (wire.minorVersion() == 0 && (opened.flags() & OPEN_CONFIRM_NEEDED) != 0) {
      Compound confirm = at(file.handle()).openConfirm(file.stateId, seqid(owner));
      file.stateId = sequenced(confirm, 20, owner).last(StateId.class);
    }
    return file;
  }

  /** Closes a file. */
  public void close(OpenFile file) throws IOException {
    sequenced(at(file.handle()).close(seqid(file.owner()), file.stateId), 4, file.owner());
  }

  /** Reads. */
  public CompoundResult.Data read(OpenFile file, long offset, int count) throws IOException {
    Compound read = wire.uncached().putFh(file.handle()).read(file.stateId, offset, count);
    return last(read, CompoundResult.Data.class);
  }

  /** Reads all of a file, without opening it. */
  public byte[] readAll(FileHandle file) throws IOException {
    var all = new ByteArrayOutputStream();
    CompoundResult.Data data;
    do {
      Compound read = wire.uncached().putFh(file).read(StateId.ANONYMOUS, all.size(), 1 << 20);
      data = last(read, CompoundResult.Data.class);
      all.writeBytes(data.bytes());
    } while (!data.eof());
    return all.toByteArray();
  }

  /** Writes; the server may write less than all. */
  public CompoundResult.Written write(OpenFile file, long offset, Stability stable, byte[] data)
      throws IOException {
    return last(
        at(file.handle()).write(file.stateId, offset, stable, data), CompoundResult.Written.class);
  }

  /** Commits the whole file; the write verifier. */
  public long commit(FileHandle file) throws IOException {
    return last(at(file).commit(0, 0), Long.class);
  }

  /** Makes a directory. */
  public FileHandle mkdir(FileHandle directory, String name, int mode) throws IOException {
    return last(
        at(directory).mkdir(name, NewAttributes.none().mode(mode)).getFh(), FileHandle.class);
  }

  /** Makes a symbolic link. */
  public FileHandle symlink(FileHandle directory, String name, String text) throws IOException {
    return last(at(directory).symlink(name, text, NewAttributes.none()).getFh(), FileHandle.class);
  }

  /** Makes a device: 3 for a block device, 4 for a character device. */
  public FileHandle special(FileHandle directory, int type, int major, int minor, String name)
      throws IOException {
    XdrOut numbers = new XdrOut().int32(major).int32(minor);
    return last(
        at(directory).create(type, numbers, name, NewAttributes.none()).getFh(), FileHandle.class);
  }

  /** The text of a symbolic link. */
  public String readlink(FileHandle link) throws IOException {
    return last(at(link).readLink(), String.class);
  }

  /** Gives a file one more name. */
  public void link(FileHandle file, FileHandle directory, String name) throws IOException {
    wire.call(at(file).saveFh().putFh(directory).link(name)).ok();
  }

  /** Removes a name. */
  public void remove(FileHandle directory, String name) throws IOException {
    wire.call(at(directory).remove(name)).ok();
  }

  /** Moves a name. */
  public void rename(FileHandle from, String oldName, FileHandle to, String newName)
      throws IOException {
    wire.call(at(from).saveFh().putFh(to).rename(oldName, newName)).ok();
  }

  /** All entries of a directory, with these attributes. */
  public List<Entry> readdir(FileHandle directory, int... numbers) throws IOException {
    var all = new ArrayList<Entry>();
    long cookie = 0;
    long verifier = 0;
    CompoundResult.Listing page;
    do {
      Compound compound =
          at(directory).readDir(cookie, verifier, READDIR_BYTES, READDIR_BYTES, numbers);
      page = last(compound, CompoundResult.Listing.class);
      if (page.entries().isEmpty() && !page.eof()) {
        throw new IllegalStateException("a page without entries that is not the last");
      }
      all.addAll(page.entries());
      verifier = page.verifier();
      cookie = all.isEmpty() ? 0 : all.getLast().cookie();
    } while (!page.eof());
    return all;
  }

  /** Locks bytes, for an owner that has no lock on the file yet. */
  public HeldLock lock(OpenFile file, String owner, LockType type, long offset, long length)
      throws IOException {
    return lock(file, owner, type, false, offset, length);
  }

  /** Locks bytes again that were locked before the server restarted; the file is reclaimed. */
  public HeldLock reclaimLock(OpenFile file, String owner, LockType type, long offset, long length)
      throws IOException {
    return lock(file, owner, type, true, offset, length);
  }

  private HeldLock lock(
      OpenFile file, String owner, LockType type, boolean reclaim, long offset, long length)
      throws IOException {
    Compound compound =
        at(file.handle())
            .lock(
                type.code(),
                reclaim,
                offset,
                length,
                seqid(file.owner()),
                file.stateId,
                seqid(lockOwner(owner)),
                wire.clientId(),
                owner);
    StateId stateId = sequenced(compound, 12, file.owner(), lockOwner(owner)).last(StateId.class);
    return new HeldLock(file, owner, stateId);
  }

  /** Locks more bytes. */
  public void lock(HeldLock held, LockType type, long offset, long length) throws IOException {
    String owner = lockOwner(held.owner());
    Compound compound =
        at(held.file().handle())
            .lock(type.code(), false, offset, length, held.stateId, seqid(owner));
    held.stateId = sequenced(compound, 12, owner).last(StateId.class);
  }

  /** Unlocks bytes. */
  public void unlock(HeldLock held, long offset, long length) throws IOException {
    String owner = lockOwner(held.owner());
    Compound compound =
        at(held.file().handle())
            .lockU(LockType.WRITE.code(), seqid(owner), held.stateId, offset, length);
    held.stateId = sequenced(compound, 14, owner).last(StateId.class);
  }

  private static String lockOwner(String owner) {
    return "lock " + owner;
  }

  private Compound at(FileHandle file) {
    return wire.compound().putFh(file);
  }

  private <T> T last(Compound compound, Class<T> type) throws IOException {
    return wire.call(compound).ok().last(type);
  }

  private int seqid(String owner) {
    return wire.minorVersion() == 0 ? seqids.getOrDefault(owner, 0) : 0;
  }

  /** Calls, and counts the sequence numbers of the owners on if {@code code} used them up. */
  private CompoundResult sequenced(Compound compound, int code, String... owners)
      throws IOException {
    CompoundResult result = wire.call(compound);
    result.results().stream()
        .filter(each -> each.code() == code && !SEQID_KEPT.contains(each.status()))
        .forEach(_ -> List.of(owners).forEach(owner -> seqids.merge(owner, 1, Integer::sum)));
    return result.ok();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
