package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * The start of a COMPOUND (RFC 8881 §16.2): what comes before its operations, which are decoded one
 * by one as they are performed, each with its number first.
 *
 * @param tag bytes that the reply repeats
 * @param minorVersion 0, 1 or 2 for versions 4.0, 4.1 and 4.2; any other is for the caller to
 *     refuse
 * @param operations how many follow, unsigned and not to be trusted
 */
public record CompoundHeader(Opaque tag, int minorVersion, int operations) {
  /** Decodes the header; {@code in} is left at the number of the first operation. */
  public static CompoundHeader decode(XdrReader in) throws XdrException {
    return new CompoundHeader(in.bytes(Limits.TAG_BYTES), in.int32(), in.int32());
  }

  /**
   * Writes the start of the reply: status OK, the tag, no results. Status and number of results are
   * set with {@link #finish}.
   *
   * @return the position to hand to {@link #finish}
   */
  public int begin(XdrWriter out) {
    int at = out.placeholder();
    out.opaque(tag);
    out.int32(0);
    return at;
  }

  /** Sets the status and the number of results of the reply that was begun at {@code at}. */
  public void finish(XdrWriter out, int at, Status status, int results) {
    out.patch(at, status.code());
    out.patch(at + Integer.BYTES + encodedTagBytes(), results);
  }

  private int encodedTagBytes() {
    return Integer.BYTES + ((tag.length() + 3) & ~3);
  }
}
