package tidefs.nfs4.op;

import io.netty.buffer.ByteBuf;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** SETXATTR (RFC 8276 §8.4.2): sets an extended attribute. */
public record SetXattr(Option option, Opaque name, ByteBuf value) implements XattrOp {
  public static final int CODE = 73;

  /** A setxattr_option4. */
  public enum Option {
    CREATE_OR_REPLACE,
    CREATE,
    REPLACE;

    private static final Option[] OF_CODE = values();
  }

  static SetXattr decode(XdrReader in) throws XdrException {
    return new SetXattr(
        Option.OF_CODE[in.int32In(0, 2)],
        in.bytes(Limits.NAME_BYTES),
        in.opaque(Limits.REFUSED_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** SETXATTR4resok. */
  public record Ok(ChangeInfo file) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      file.encode(out);
    }
  }
}
