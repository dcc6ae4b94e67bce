package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** SETATTR (RFC 8881 §18.30): changes attributes of the current file. */
public record SetAttr(StateId stateId, AttributeChanges changes) implements Op {
  public static final int CODE = 34;

  static SetAttr decode(XdrReader in, int minorVersion) throws XdrException {
    return new SetAttr(StateId.decode(in), AttributeChanges.decode(in, minorVersion));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** Even a failed SETATTR tells what it set: nothing. */
  @Override
  public Reply refused(Status status) {
    return new Result(status, Bitmap.EMPTY);
  }

  /** SETATTR4res: the same for every status. */
  public record Result(Status status, Bitmap attributesSet) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.bitmap(attributesSet);
    }
  }
}
