package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * OPEN (RFC 8881 §18.16, RFC 7530 §16.16): opens a regular file, and makes it if need be.
 *
 * @param seqid the owner's sequence number; counts in 4.0 only
 * @param shareAccess bits of {@link Share}
 * @param shareDeny bits of {@link Share}
 */
public record Open(
    int seqid, int shareAccess, int shareDeny, StateOwner owner, CreateHow how, OpenClaim claim)
    implements Op {
  public static final int CODE = 18;

  static Open decode(XdrReader in, int minorVersion) throws XdrException {
    return new Open(
        in.int32(),
        in.int32(),
        in.int32(),
        StateOwner.decode(in),
        CreateHow.decode(in, minorVersion),
        OpenClaim.decode(in, minorVersion));
  }

  @Override
  public int code() {
    return CODE;
  }

  /**
   * OPEN4resok.
   *
   * @param directory the change of the directory; no change if none took part
   * @param resultFlags CONFIRM, LOCKTYPE_POSIX, PRESERVE_UNLINKED, MAY_NOTIFY_LOCK
   */
  public record Ok(
      StateId stateId,
      ChangeInfo directory,
      int resultFlags,
      Bitmap attributesSet,
      OpenDelegation delegation)
      implements Reply {
    /** The client must confirm the open with OPEN_CONFIRM; 4.0 only. */
    public static final int CONFIRM = 0x02;

    /** Byte-range locks are those of POSIX. */
    public static final int LOCKTYPE_POSIX = 0x04;

    /** A file that is removed while it is open stays until it is closed; 4.1. */
    public static final int PRESERVE_UNLINKED = 0x08;

    /** The server may call back when a lock becomes free; 4.1. */
    public static final int MAY_NOTIFY_LOCK = 0x20;

    @Override
    public void encodeBody(XdrWriter out) {
      stateId.encode(out);
      directory.encode(out);
      out.int32(resultFlags);
      out.bitmap(attributesSet);
      delegation.encode(out);
    }
  }
}
