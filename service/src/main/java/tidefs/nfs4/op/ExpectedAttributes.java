package tidefs.nfs4.op;

import io.netty.buffer.ByteBuf;
import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * The fattr4 of VERIFY and NVERIFY: attributes that a client believes a file to have, as it encoded
 * them.
 *
 * <p>They are compared as bytes: XDR has one encoding for a value, so the same attributes of the
 * file, freshly encoded, are equal if and only if the values are.
 *
 * @param given which attributes
 * @param values their values, one after the other; a slice of the received message
 */
public record ExpectedAttributes(Bitmap given, ByteBuf values) {
  static ExpectedAttributes decode(XdrReader in) throws XdrException {
    return new ExpectedAttributes(in.bitmap(), in.opaque(Limits.ATTRIBUTES_BYTES));
  }

  /**
   * Compares with the file that {@code source} describes. What is written to {@code scratch} for it
   * is taken back.
   *
   * @return SAME or NOT_SAME; ATTRNOTSUPP if an attribute is not supported; INVAL if one cannot be
   *     compared (RFC 8881 §18.31)
   */
  public Status compare(AttributeSource source, XdrWriter scratch) {
    if (given.has(Attribute.RDATTR_ERROR) || !given.and(Attributes.WRITE_ONLY).isEmpty()) {
      return Status.INVAL;
    }
    if (!given.minus(source.supported().and(Attributes.READABLE)).isEmpty()) {
      return Status.ATTRNOTSUPP;
    }
    int from = scratch.position();
    Attributes.encodeValues(given, source, scratch);
    boolean same = scratch.endsWith(from, values);
    scratch.truncate(from);
    return same ? Status.SAME : Status.NOT_SAME;
  }
}
