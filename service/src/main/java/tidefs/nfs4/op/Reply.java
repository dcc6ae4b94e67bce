package tidefs.nfs4.op;

import java.util.EnumMap;
import java.util.Objects;
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
    return Objects.requireNonNull(Bare.OF_STATUS.get(status));
  }

  /** A status with nothing behind it. */
  record Bare(Status status) implements Reply {
    private static final EnumMap<Status, Bare> OF_STATUS = new EnumMap<>(Status.class);

    static {
      for (Status status : Status.values()) {
        OF_STATUS.put(status, new Bare(status));
      }
    }

    @Override
    public void encodeBody(XdrWriter out) {}
  }
}
