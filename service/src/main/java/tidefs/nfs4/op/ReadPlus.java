package tidefs.nfs4.op;

import java.nio.ByteBuffer;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** READ_PLUS (RFC 7862 §15.10): reads, with holes told as holes. */
public record ReadPlus(StateId stateId, long offset, int count) implements SparseOp {
  public static final int CODE = 68;

  /** The most that a segment takes in the reply beside its data, padding included. */
  public static final int SEGMENT_OVERHEAD_BYTES = 24;

  static ReadPlus decode(XdrReader in) throws XdrException {
    return new ReadPlus(StateId.decode(in), in.int64(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /**
   * READ_PLUS4resok whose bytes are read straight into the message that is sent. All segments are
   * laid out first; their spaces may be filled until the message is added to.
   */
  public static final class InPlace {
    private static final int DATA = 0;
    private static final int HOLE = 1;

    private final XdrWriter out;
    private final int countAt;
    private int count;

    /**
     * Begins the reply, with status OK and room for segments that take {@code maxBytes} at most.
     *
     * @param out the reply, just behind the number of the operation
     */
    public InPlace(XdrWriter out, boolean eof, int maxBytes) {
      this.out = out;
      out.int32(Status.OK.code());
      out.bool(eof);
      countAt = out.placeholder();
      out.reserve(maxBytes);
    }

    /** Adds data; returns where its bytes go: position 0, limit {@code length}. */
    public ByteBuffer data(long offset, int length) {
      count(DATA, offset);
      ByteBuffer space = out.beginOpaque(length);
      out.endOpaque(length);
      return space;
    }

    /** Adds a hole. */
    public void hole(long offset, long length) {
      count(HOLE, offset);
      out.int64(length);
    }

    private void count(int kind, long offset) {
      count++;
      out.patch(countAt, count);
      out.int32(kind);
      out.int64(offset);
    }
  }
}
