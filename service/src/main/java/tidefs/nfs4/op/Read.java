package tidefs.nfs4.op;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * READ (RFC 8881 §18.22): reads bytes of the current file.
 *
 * @param offset unsigned
 * @param count unsigned
 */
public record Read(StateId stateId, long offset, int count) implements Op {
  public static final int CODE = 25;

  static Read decode(XdrReader in) throws XdrException {
    return new Read(StateId.decode(in), in.int64(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** READ4resok whose bytes lie in a buffer of their own, which encoding takes over. */
  public record Ok(boolean eof, ByteBuf data) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.bool(eof);
      out.opaqueByReference(data);
    }
  }

  /**
   * READ4resok whose bytes are read straight into the message that is sent: begun, filled and
   * ended. If reading fails in between, the caller truncates the writer to where it began.
   */
  public static final class InPlace {
    private final XdrWriter out;
    private final int eofAt;
    private final ByteBuffer space;

    /**
     * Begins the reply, with status OK and room for {@code maxBytes}.
     *
     * @param out the reply, just behind the number of the operation
     */
    public InPlace(XdrWriter out, int maxBytes) {
      this.out = out;
      out.int32(Status.OK.code());
      eofAt = out.placeholder();
      space = out.beginOpaque(maxBytes);
    }

    /** Where the bytes go: undefined contents, position 0, limit {@code maxBytes}. */
    public ByteBuffer space() {
      return space;
    }

    /** Ends the reply with the first {@code length} bytes of the space. */
    public void end(boolean eof, int length) {
      out.patch(eofAt, eof ? 1 : 0);
      out.endOpaque(length);
    }
  }
}
