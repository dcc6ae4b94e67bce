package tidefs.nfs4.op;

import java.util.Optional;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** OFFLOAD_STATUS (RFC 7862 §15.9): asks how far a copy is. */
public record OffloadStatus(StateId stateId) implements Op {
  public static final int CODE = 67;

  static OffloadStatus decode(XdrReader in) throws XdrException {
    return new OffloadStatus(StateId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** OFFLOAD_STATUS4resok: the bytes copied so far, and how it ended if it has. */
  public record Ok(long bytes, Optional<Status> ended) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int64(bytes);
      out.int32(ended.isPresent() ? 1 : 0);
      ended.ifPresent(status -> out.int32(status.code()));
    }
  }
}
