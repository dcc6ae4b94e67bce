package tidefs.nfs4.op;

import tidefs.xdr.XdrWriter;

/** GETFH (RFC 8881 §18.8): tells the current file handle. */
public record GetFh() implements Op {
  public static final int CODE = 10;

  static final GetFh INSTANCE = new GetFh();

  @Override
  public int code() {
    return CODE;
  }

  /** GETFH4resok. */
  public record Ok(FileHandle handle) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      handle.encode(out);
    }
  }
}
