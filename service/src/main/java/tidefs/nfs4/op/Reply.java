package tidefs.nfs4.op;

import tidefs.xdr.XdrWriter;

/**
 * The result of one operation: the union on its status that follows the operation's number in the
 * reply to a COMPOUND.
 */
public interface Reply {
  /** What became of the operation. */
  default Status status() {
    return Status.OK;
  }

  /** Writes what follows the status. */
  void encodeBody(XdrWriter out);

  /** Writes the status and what follows it. */
  default void encode(XdrWriter out) {
    out.int32(status().code());
    encodeBody(out);
  }

  /** The reply that is nothing but {@code status}. */
  static Reply of(Status status) {
    return status.bare();
  }

  /** A status with nothing behind it. */
  record Bare(Status status) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {}
  }
}
