package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** PUTFH (RFC 8881 §18.19): goes to the file of a handle. */
public record PutFh(FileHandle handle) implements Op {
  public static final int CODE = 22;

  static PutFh decode(XdrReader in) throws XdrException {
    return new PutFh(FileHandle.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
