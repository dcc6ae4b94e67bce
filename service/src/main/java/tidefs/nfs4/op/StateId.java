package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * A stateid4 (RFC 8881 §8.2): which state of which owner an operation speaks of.
 *
 * @param seqid the version of the state, unsigned; 0 for the newest in 4.1
 * @param other the first eight bytes of the twelve that name the state
 * @param otherTail the last four
 */
public record StateId(int seqid, long other, int otherTail) {
  /** How many bytes the encoding has. */
  static final int BYTES = 16;

  /** All zeros: not bound to any open (RFC 8881 §8.2.3). */
  public static final StateId ANONYMOUS = new StateId(0, 0, 0);

  /** All ones: a read that passes over share reservations (RFC 8881 §8.2.3). */
  public static final StateId READ_BYPASS = new StateId(-1, -1, -1);

  /** The state id that the COMPOUND made last (RFC 8881 §16.2.3.1.2). */
  public static final StateId CURRENT = new StateId(1, 0, 0);

  /** Never the name of a state (RFC 8881 §8.2.3). */
  public static final StateId INVALID = new StateId(-1, 0, 0);

  static StateId decode(XdrReader in) throws XdrException {
    return new StateId(in.int32(), in.int64(), in.int32());
  }

  void encode(XdrWriter out) {
    out.int32(seqid);
    out.int64(other);
    out.int32(otherTail);
  }

  /** Whether the twelve bytes are all zeros or all ones, which name no state of an owner. */
  public boolean isSpecial() {
    return (other == 0 && otherTail == 0) || (other == -1 && otherTail == -1);
  }

  /** This state at version {@code newSeqid}. */
  public StateId at(int newSeqid) {
    return new StateId(newSeqid, other, otherTail);
  }
}
