package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** LAYOUTGET (RFC 8881 §18.43). Decoded to be refused. */
public record LayoutGet(
    boolean signalWhenAvailable,
    int layoutType,
    int ioMode,
    long offset,
    long length,
    long minLength,
    StateId stateId,
    int maxBytes)
    implements Op {
  public static final int CODE = 50;

  static LayoutGet decode(XdrReader in) throws XdrException {
    return new LayoutGet(
        in.bool(),
        in.int32(),
        in.int32(),
        in.int64(),
        in.int64(),
        in.int64(),
        StateId.decode(in),
        in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }
}
