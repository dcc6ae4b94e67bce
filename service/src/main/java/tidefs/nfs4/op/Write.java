package tidefs.nfs4.op;

import io.netty.buffer.ByteBuf;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * WRITE (RFC 8881 §18.32): writes bytes of the current file.
 *
 * @param offset unsigned
 * @param data a slice of the received message, valid as long as it is
 */
public record Write(StateId stateId, long offset, Stability stable, ByteBuf data) implements Op {
  public static final int CODE = 38;

  static Write decode(XdrReader in) throws XdrException {
    return new Write(
        StateId.decode(in), in.int64(), Stability.decode(in), in.opaque(Limits.WRITE_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** WRITE4resok, with the verifier that changes whenever unstable writes may have been lost. */
  public record Ok(int count, Stability committed, long verifier) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int32(count);
      out.int32(committed.code());
      out.int64(verifier);
    }
  }
}
