package tidefs.nfs4.op;

import java.util.List;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * EXCHANGE_ID (RFC 8881 §18.35): introduces a client.
 *
 * @param verifier changes when the client restarts
 * @param owner the bytes by which the client knows itself
 * @param flags bits such as {@link #CONFIRMED_R}
 */
public record ExchangeId(
    long verifier,
    Opaque owner,
    int flags,
    StateProtection protection,
    List<ImplementationId> implementation)
    implements Op {
  public static final int CODE = 42;

  public static final int SUPP_MOVED_REFER = 0x0000_0001;
  public static final int SUPP_MOVED_MIGR = 0x0000_0002;
  public static final int BIND_PRINC_STATEID = 0x0000_0100;
  public static final int USE_NON_PNFS = 0x0001_0000;
  public static final int USE_PNFS_MDS = 0x0002_0000;
  public static final int USE_PNFS_DS = 0x0004_0000;

  /** The client means to change its record, not to make one. */
  public static final int UPD_CONFIRMED_REC_A = 0x4000_0000;

  /** In replies: the client id is confirmed. */
  public static final int CONFIRMED_R = 0x8000_0000;

  private static final int SP4_NONE = 0;

  /** Every bit that a client may send. */
  public static final int MASK_A = 0x4007_0103;

  /** A state_protect_how4 and what comes with it that we care for. */
  public enum StateProtection {
    NONE,
    MACHINE_CREDENTIALS,
    SSV;

    private static final StateProtection[] OF_CODE = values();
  }

  static ExchangeId decode(XdrReader in) throws XdrException {
    return new ExchangeId(
        in.int64(),
        in.bytes(Limits.OPAQUE_BYTES),
        in.int32(),
        decodeProtection(in),
        ImplementationId.decodeUpToOne(in));
  }

  private static StateProtection decodeProtection(XdrReader in) throws XdrException {
    StateProtection protection = StateProtection.OF_CODE[in.int32In(0, 2)];
    if (protection != StateProtection.NONE) {
      skipOperations(in);
    }
    if (protection == StateProtection.SSV) {
      skipAlgorithms(in);
      skipAlgorithms(in);
      in.skip(2 * Integer.BYTES);
    }
    return protection;
  }

  private static void skipOperations(XdrReader in) throws XdrException {
    in.bitmap();
    in.bitmap();
  }

  private static void skipAlgorithms(XdrReader in) throws XdrException {
    int count = in.count(Limits.REFUSED_ELEMENTS, Integer.BYTES);
    for (int i = 0; i < count; i++) {
      in.skipOpaque(Limits.OPAQUE_BYTES);
    }
  }

  @Override
  public int code() {
    return CODE;
  }

  /**
   * EXCHANGE_ID4resok, with SP4_NONE.
   *
   * @param sequence what the first CREATE_SESSION of the client must say
   * @param serverMinor tells servers of one owner apart
   */
  public record Ok(
      long clientId,
      int sequence,
      int flags,
      long serverMinor,
      Opaque serverMajor,
      Opaque serverScope,
      List<ImplementationId> implementation)
      implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int64(clientId);
      out.int32(sequence);
      out.int32(flags);
      out.int32(SP4_NONE);
      out.int64(serverMinor);
      out.opaque(serverMajor);
      out.opaque(serverScope);
      out.int32(implementation.size());
      for (ImplementationId id : implementation) {
        id.encode(out);
      }
    }
  }
}
