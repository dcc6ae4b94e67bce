package tidefs.nfs4.op;

import tidefs.xdr.XdrWriter;

/** An open_delegation4 (RFC 8881 §18.16.2): what OPEN hands out beside the open. */
public sealed interface OpenDelegation {
  /** OPEN_DELEGATE_NONE: none, without a word. */
  record None() implements OpenDelegation {
    public static final None INSTANCE = new None();

    @Override
    public void encode(XdrWriter out) {
      out.int32(0);
    }
  }

  /** OPEN_DELEGATE_NONE_EXT: none, and why; from 4.1 on. */
  record Refused(Why why) implements OpenDelegation {
    @Override
    public void encode(XdrWriter out) {
      out.int32(3);
      out.int32(why.code);
      if (why == Why.CONTENTION || why == Why.RESOURCE) {
        out.bool(false); // The server will not tell when that changes.
      }
    }
  }

  /**
   * OPEN_DELEGATE_READ or OPEN_DELEGATE_WRITE. Nobody may do anything by it that ACCESS does not
   * allow, and what is written is flushed with each CLOSE: the space set apart for it is none.
   *
   * @param recalled whether it is to be returned at once
   */
  record Granted(StateId stateId, boolean write, boolean recalled) implements OpenDelegation {
    private static final int NFS_LIMIT_SIZE = 1;

    @Override
    public void encode(XdrWriter out) {
      out.int32(write ? 2 : 1);
      stateId.encode(out);
      out.bool(recalled);
      if (write) {
        out.int32(NFS_LIMIT_SIZE);
        out.int64(0);
      }
      out.int32(0); // An nfsace4: ALLOW, no flags, nothing, to nobody.
      out.int32(0);
      out.int32(0);
      out.opaque(new byte[0]);
    }
  }

  /** A why_no_delegation4. */
  enum Why {
    NOT_WANTED(0),
    CONTENTION(1),
    RESOURCE(2),
    NOT_SUPPORTED_FILE_TYPE(3),
    WRITE_NOT_SUPPORTED_FILE_TYPE(4),
    NOT_SUPPORTED_UPGRADE(5),
    NOT_SUPPORTED_DOWNGRADE(6),
    CANCELLED(7),
    IS_DIRECTORY(8);

    private final int code;

    Why(int code) {
      this.code = code;
    }
  }

  /** Writes the union. */
  void encode(XdrWriter out);
}
