package tidefs.testkit;

import tidefs.nfs4.op.SessionId;

/**
 * A CB_COMPOUND that a test client received (RFC 8881 §20): CB_SEQUENCE and one operation.
 *
 * @param flavor how the server authenticates itself
 * @param operation the number of the operation
 * @param arguments its arguments
 */
public record CallbackCall(
    int xid,
    int program,
    int flavor,
    SessionId session,
    int sequence,
    int operation,
    XdrIn arguments) {
  private static final int CB_SEQUENCE = 11;

  /** Whether a record is a call, not a reply. */
  static boolean isCall(byte[] record) {
    var in = new XdrIn(record);
    in.int32();
    return in.int32() == 0;
  }

  static CallbackCall decode(byte[] record) {
    var in = new XdrIn(record);
    int xid = in.int32();
    in.int64(); // A call, of RPC version 2.
    int program = in.int32();
    expect(1, in.int32()); // The version.
    expect(1, in.int32()); // CB_COMPOUND.
    int flavor = in.int32();
    in.opaque();
    in.int64(); // The verifier.
    in.opaque(); // The tag.
    expect(2, in.int32()); // The minor version: tests that are called speak 4.2.
    in.int32();
    expect(2, in.int32()); // Operations.
    expect(CB_SEQUENCE, in.int32());
    var session = new SessionId(in.int64(), in.int64());
    int sequence = in.int32();
    in.int64(); // The slot, and the highest.
    in.bool();
    expect(0, in.int32()); // Referring calls.
    return new CallbackCall(xid, program, flavor, session, sequence, in.int32(), in);
  }

  private static void expect(int wanted, int got) {
    if (wanted != got) {
      throw new IllegalStateException(got + " in a callback, not " + wanted);
    }
  }

  byte[] answer(XdrOut result) {
    var out = new XdrOut().int32(xid).int32(1).int32(0).int64(0).int32(0);
    byte[] encoded = result.toBytes();
    out.raw(encoded, 0, Integer.BYTES).text("").int32(2).int32(CB_SEQUENCE).int32(0);
    out.int64(session.high()).int64(session.low()).int32(sequence).int32(0).int32(0).int32(0);
    return out.int32(operation).raw(encoded).toBytes();
  }
}
