package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** ACCESS (RFC 8881 §18.1): which of the asked-for rights the caller has. */
public record Access(int rights) implements Op {
  public static final int CODE = 3;

  public static final int READ = 0x01;
  public static final int LOOKUP = 0x02;
  public static final int MODIFY = 0x04;
  public static final int EXTEND = 0x08;
  public static final int DELETE = 0x10;
  public static final int EXECUTE = 0x20;

  public static final int XATTR_READ = 0x40;
  public static final int XATTR_WRITE = 0x80;
  public static final int XATTR_LIST = 0x100;

  /** The rights that extended attributes brought (RFC 8276 §8.2). */
  public static final int XATTRS = XATTR_READ | XATTR_WRITE | XATTR_LIST;

  /** Every right that was defined before extended attributes. */
  public static final int ALL = READ | LOOKUP | MODIFY | EXTEND | DELETE | EXECUTE;

  static Access decode(XdrReader in) throws XdrException {
    return new Access(in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /**
   * ACCESS4resok.
   *
   * @param supported the rights that could be judged, of those asked for
   * @param granted the rights that the caller has, of those
   */
  public record Ok(int supported, int granted) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int32(supported);
      out.int32(granted);
    }
  }
}
