package tidefs.testkit;

/**
 * The reply to a call (RFC 5531 §9).
 *
 * @param accepted whether the server took the call; else {@code status} is a reject_stat
 * @param status an accept_stat: 0 for success
 * @param results what the procedure returned, or the details of the refusal
 */
public record RpcReply(int xid, boolean accepted, int status, XdrIn results) {
  /** Decodes a record. */
  public static RpcReply decode(byte[] record) {
    var in = new XdrIn(record);
    int xid = in.int32();
    if (in.int32() != 1) {
      throw new IllegalStateException("not a reply");
    }
    boolean accepted = in.int32() == 0;
    if (accepted) {
      in.int32();
      in.opaque();
    }
    return new RpcReply(xid, accepted, in.int32(), in);
  }

  /** Whether the procedure ran. */
  public boolean isSuccess() {
    return accepted && status == 0;
  }
}
