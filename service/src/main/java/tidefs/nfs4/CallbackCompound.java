package tidefs.nfs4;

import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Status;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** A CB_COMPOUND on the wire (RFC 8881 §20.2): CB_SEQUENCE and one operation. */
final class CallbackCompound {
  private static final int CB_SEQUENCE = 11;
  private static final int TAG_BYTES = 1_024;

  private CallbackCompound() {}

  static void encode(
      XdrWriter out, SessionId session, int minorVersion, int sequence, Callback callback) {
    out.opaque(Opaque.EMPTY); // The tag.
    out.int32(minorVersion);
    out.int32(0); // callback_ident is of 4.0.
    out.int32(2);
    out.int32(CB_SEQUENCE);
    out.int64(session.high());
    out.int64(session.low());
    out.int32(sequence);
    out.int32(0); // The slot, and the highest one used.
    out.int32(0);
    out.bool(false); // Nothing needs to be kept: every callback may be performed twice.
    out.int32(0); // No referring calls.
    out.int32(callback.code());
    callback.encode(out);
  }

  /**
   * The status of CB_SEQUENCE, or of the whole if it was not performed; then the result of the
   * other operation is what comes next, behind its number.
   */
  static int decodeSequence(XdrReader in) throws XdrException {
    int status = in.int32();
    in.skipOpaque(TAG_BYTES);
    int results = in.int32();
    if (results == 0) {
      return status;
    }
    if (in.int32() != CB_SEQUENCE) {
      throw new XdrException("the first result is not that of CB_SEQUENCE");
    }
    int sequenceStatus = in.int32();
    if (sequenceStatus != Status.OK.code()) {
      return sequenceStatus;
    }
    in.skip(2 * Long.BYTES + 4 * Integer.BYTES);
    if (results < 2) {
      throw new XdrException("the second result is missing");
    }
    in.int32();
    return sequenceStatus;
  }
}
