package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * COPY (RFC 7862 §15.2): copies bytes from the saved to the current file.
 *
 * @param fromOtherServer whether the source lies on another server
 */
public record Copy(
    StateId source,
    StateId target,
    long sourceOffset,
    long targetOffset,
    long count,
    boolean consecutive,
    boolean synchronous,
    boolean fromOtherServer)
    implements Op {
  public static final int CODE = 60;

  static Copy decode(XdrReader in) throws XdrException {
    return new Copy(
        StateId.decode(in),
        StateId.decode(in),
        in.int64(),
        in.int64(),
        in.int64(),
        in.bool(),
        in.bool(),
        skipServers(in));
  }

  private static boolean skipServers(XdrReader in) throws XdrException {
    int count = in.count(Limits.REFUSED_ELEMENTS, Long.BYTES);
    for (int i = 0; i < count; i++) {
      skipServer(in);
    }
    return count > 0;
  }

  /** Passes over a netloc4: a name, a URL, or a network and an address. */
  static void skipServer(XdrReader in) throws XdrException {
    int type = in.int32In(1, 3);
    in.skipOpaque(Limits.NAME_BYTES);
    if (type == 3) {
      in.skipOpaque(Limits.NAME_BYTES);
    }
  }

  @Override
  public int code() {
    return CODE;
  }

  /** COPY4resok of a copy that is done: no callback follows. */
  public record Ok(long count, Stability committed, long verifier, boolean consecutive)
      implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int32(0); // No state id of a copy that goes on.
      out.int64(count);
      out.int32(committed.code());
      out.int64(verifier);
      out.bool(consecutive);
      out.bool(true);
    }
  }

  /** COPY4resok of a copy that goes on: CB_OFFLOAD tells when and how it has ended. */
  public record Going(StateId id, long verifier) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int32(1);
      id.encode(out);
      out.int64(0);
      out.int32(Stability.UNSTABLE.code());
      out.int64(verifier);
      out.bool(true);
      out.bool(false);
    }
  }

  /** OFFLOAD_NO_REQS tells what would be possible. */
  @Override
  public Reply refused(Status status) {
    return status == Status.OFFLOAD_NO_REQS ? new NoRequirements() : Reply.of(status);
  }

  /** OFFLOAD_NO_REQS: only a consecutive and synchronous copy is possible. */
  public record NoRequirements() implements Reply {
    @Override
    public Status status() {
      return Status.OFFLOAD_NO_REQS;
    }

    @Override
    public void encodeBody(XdrWriter out) {
      out.bool(true);
      out.bool(true);
    }
  }
}
