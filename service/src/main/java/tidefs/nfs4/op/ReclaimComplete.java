package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * RECLAIM_COMPLETE (RFC 8881 §18.51): the client has reclaimed all it wants to.
 *
 * @param oneFileSystem only of the current file system, which moved here
 */
public record ReclaimComplete(boolean oneFileSystem) implements Op {
  public static final int CODE = 58;

  static ReclaimComplete decode(XdrReader in) throws XdrException {
    return new ReclaimComplete(in.bool());
  }

  @Override
  public int code() {
    return CODE;
  }
}
