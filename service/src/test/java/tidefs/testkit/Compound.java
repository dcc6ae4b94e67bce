package tidefs.testkit;

import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;

/**
 * A COMPOUND in the making: its operations, encoded one after the other in a client's own way. Any
 * operation can be added with {@link #op}; those that tests use often have methods.
 */
public final class Compound {
  private final int minorVersion;
  private final XdrOut operations = new XdrOut();
  private int count;
  private String tag = "";

  /** An empty COMPOUND. */
  public Compound(int minorVersion) {
    this.minorVersion = minorVersion;
  }

  /** Sets the tag. */
  public Compound tag(String newTag) {
    tag = newTag;
    return this;
  }

  /** Adds an operation with these arguments. */
  public Compound op(int code, XdrOut arguments) {
    operations.int32(code).raw(arguments.toBytes());
    count++;
    return this;
  }

  /** Adds an operation without arguments. */
  public Compound op(int code) {
    return op(code, new XdrOut());
  }

  private Compound named(int code, String name) {
    return op(code, new XdrOut().text(name));
  }

  public Compound access(int rights) {
    return op(3, new XdrOut().int32(rights));
  }

  public Compound close(int seqid, StateId stateId) {
    return op(4, new XdrOut().int32(seqid).stateId(stateId));
  }

  public Compound commit(long offset, int count) {
    return op(5, new XdrOut().int64(offset).int32(count));
  }

  public Compound mkdir(String name, NewAttributes attributes) {
    return create(2, new XdrOut(), name, attributes);
  }

  public Compound symlink(String name, String text, NewAttributes attributes) {
    return create(5, new XdrOut().text(text), name, attributes);
  }

  /** CREATE of any type, with what the type carries. */
  public Compound create(int type, XdrOut data, String name, NewAttributes attributes) {
    var arguments = new XdrOut().int32(type).raw(data.toBytes()).text(name);
    attributes.encode(arguments);
    return op(6, arguments);
  }

  public Compound getAttr(int... numbers) {
    return op(9, new XdrOut().bitmap(numbers));
  }

  public Compound getFh() {
    return op(10);
  }

  public Compound link(String newName) {
    return named(11, newName);
  }

  /** LOCK by an owner that has not locked the file before. */
  public Compound lock(
      int type,
      boolean reclaim,
      long offset,
      long length,
      int openSeqid,
      StateId open,
      int lockSeqid,
      long clientId,
      String owner) {
    return op(
        12,
        new XdrOut()
            .int32(type)
            .bool(reclaim)
            .int64(offset)
            .int64(length)
            .bool(true)
            .int32(openSeqid)
            .stateId(open)
            .int32(lockSeqid)
            .owner(clientId, owner));
  }

  /** LOCK by an owner that has. */
  public Compound lock(
      int type, boolean reclaim, long offset, long length, StateId lock, int lockSeqid) {
    return op(
        12,
        new XdrOut()
            .int32(type)
            .bool(reclaim)
            .int64(offset)
            .int64(length)
            .bool(false)
            .stateId(lock)
            .int32(lockSeqid));
  }

  public Compound lockT(int type, long offset, long length, long clientId, String owner) {
    return op(13, new XdrOut().int32(type).int64(offset).int64(length).owner(clientId, owner));
  }

  public Compound lockU(int type, int seqid, StateId lock, long offset, long length) {
    return op(14, new XdrOut().int32(type).int32(seqid).stateId(lock).int64(offset).int64(length));
  }

  public Compound lookup(String name) {
    return named(15, name);
  }

  /** A LOOKUP for every name in {@code path}. */
  public Compound walk(String path) {
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        lookup(name);
      }
    }
    return this;
  }

  public Compound lookupP() {
    return op(16);
  }

  /** OPEN, with openflag4 and open_claim4 as they are encoded. */
  public Compound open(
      int seqid, int access, int deny, long clientId, String owner, XdrOut how, XdrOut claim) {
    return op(
        18,
        new XdrOut()
            .int32(seqid)
            .int32(access)
            .int32(deny)
            .owner(clientId, owner)
            .raw(how.toBytes())
            .raw(claim.toBytes()));
  }

  public Compound openConfirm(StateId stateId, int seqid) {
    return op(20, new XdrOut().stateId(stateId).int32(seqid));
  }

  public Compound openDowngrade(StateId stateId, int seqid, int access, int deny) {
    return op(21, new XdrOut().stateId(stateId).int32(seqid).int32(access).int32(deny));
  }

  public Compound putFh(FileHandle handle) {
    return op(22, new XdrOut().opaque(handle.toArray()));
  }

  public Compound putRootFh() {
    return op(24);
  }

  public Compound read(StateId stateId, long offset, int count) {
    return op(25, new XdrOut().stateId(stateId).int64(offset).int32(count));
  }

  public Compound readDir(long cookie, long verifier, int dirCount, int maxCount, int... numbers) {
    return op(
        26,
        new XdrOut().int64(cookie).int64(verifier).int32(dirCount).int32(maxCount).bitmap(numbers));
  }

  public Compound readLink() {
    return op(27);
  }

  public Compound remove(String name) {
    return named(28, name);
  }

  public Compound rename(String oldName, String newName) {
    return op(29, new XdrOut().text(oldName).text(newName));
  }

  public Compound restoreFh() {
    return op(31);
  }

  public Compound saveFh() {
    return op(32);
  }

  public Compound setAttr(StateId stateId, NewAttributes attributes) {
    var arguments = new XdrOut().stateId(stateId);
    attributes.encode(arguments);
    return op(34, arguments);
  }

  /** VERIFY (37) or NVERIFY (17). */
  public Compound verify(int code, NewAttributes attributes) {
    var arguments = new XdrOut();
    attributes.encode(arguments);
    return op(code, arguments);
  }

  public Compound write(StateId stateId, long offset, Stability stable, byte[] data) {
    return op(38, new XdrOut().stateId(stateId).int64(offset).int32(stable.code()).opaque(data));
  }

  public Compound sequence(
      SessionId session, int sequence, int slot, int highestSlot, boolean cache) {
    return op(
        53,
        new XdrOut()
            .int64(session.high())
            .int64(session.low())
            .int32(sequence)
            .int32(slot)
            .int32(highestSlot)
            .bool(cache));
  }

  /** The arguments of the COMPOUND procedure. */
  public byte[] encode() {
    return encode(count);
  }

  /** The arguments, with a count of operations that may be a lie. */
  public byte[] encode(int claimedCount) {
    return new XdrOut()
        .text(tag)
        .int32(minorVersion)
        .int32(claimedCount)
        .raw(operations.toBytes())
        .toBytes();
  }
}
