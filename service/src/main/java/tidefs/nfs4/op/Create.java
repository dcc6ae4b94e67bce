package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * CREATE (RFC 8881 §18.4): makes a directory, a symbolic link or a special file.
 *
 * @param linkText where the symbolic link points; else empty
 * @param deviceMajor of a device; else 0
 * @param deviceMinor of a device; else 0
 */
public record Create(
    FileType type,
    Opaque linkText,
    int deviceMajor,
    int deviceMinor,
    Opaque name,
    AttributeChanges attributes)
    implements Op {
  public static final int CODE = 6;

  static Create decode(XdrReader in, int minorVersion) throws XdrException {
    FileType type = FileType.of(in.int32());
    boolean isDevice = type == FileType.BLOCK_DEVICE || type == FileType.CHARACTER_DEVICE;
    Opaque linkText =
        type == FileType.SYMBOLIC_LINK ? in.bytes(Limits.LINK_TEXT_BYTES) : Opaque.EMPTY;
    return new Create(
        type,
        linkText,
        isDevice ? in.int32() : 0,
        isDevice ? in.int32() : 0,
        in.bytes(Limits.NAME_BYTES),
        AttributeChanges.decode(in, minorVersion));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** CREATE4resok. */
  public record Ok(ChangeInfo directory, Bitmap attributesSet) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      directory.encode(out);
      out.bitmap(attributesSet);
    }
  }
}
