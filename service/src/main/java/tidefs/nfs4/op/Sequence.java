package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * SEQUENCE (RFC 8881 §18.46): which session and slot a COMPOUND belongs to.
 *
 * @param sequence unsigned: one more than that of the slot's last request, or the same to repeat it
 * @param slot unsigned
 * @param highestSlot the highest slot that the client uses, unsigned
 * @param cache whether the reply is to be kept
 */
public record Sequence(SessionId session, int sequence, int slot, int highestSlot, boolean cache)
    implements Op {
  public static final int CODE = 53;

  static Sequence decode(XdrReader in) throws XdrException {
    return new Sequence(SessionId.decode(in), in.int32(), in.int32(), in.int32(), in.bool());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** SEQUENCE4resok. */
  public record Ok(
      SessionId session,
      int sequence,
      int slot,
      int highestSlot,
      int targetHighestSlot,
      int statusFlags)
      implements Reply {
    public static final int CB_PATH_DOWN = 0x001;
    public static final int EXPIRED_ALL_STATE_REVOKED = 0x008;
    public static final int EXPIRED_SOME_STATE_REVOKED = 0x010;
    public static final int ADMIN_STATE_REVOKED = 0x020;
    public static final int RECALLABLE_STATE_REVOKED = 0x040;
    public static final int LEASE_MOVED = 0x080;
    public static final int RESTART_RECLAIM_NEEDED = 0x100;
    public static final int CB_PATH_DOWN_SESSION = 0x200;
    public static final int BACKCHANNEL_FAULT = 0x400;

    @Override
    public void encodeBody(XdrWriter out) {
      session.encode(out);
      out.int32(sequence);
      out.int32(slot);
      out.int32(highestSlot);
      out.int32(targetHighestSlot);
      out.int32(statusFlags);
    }
  }
}
