package tidefs.nfs4.op;

import java.util.ArrayList;
import java.util.List;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** TEST_STATEID (RFC 8881 §18.48): asks which states are still good. */
public record TestStateId(List<StateId> stateIds) implements Op {
  public static final int CODE = 55;

  static TestStateId decode(XdrReader in) throws XdrException {
    int count = in.count(Limits.TESTED_STATE_IDS, StateId.BYTES);
    var stateIds = new ArrayList<StateId>(count);
    for (int i = 0; i < count; i++) {
      stateIds.add(StateId.decode(in));
    }
    return new TestStateId(stateIds);
  }

  @Override
  public int code() {
    return CODE;
  }

  /** TEST_STATEID4resok: a status for each, in order. */
  public record Ok(List<Status> statuses) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int32(statuses.size());
      for (Status each : statuses) {
        out.int32(each.code());
      }
    }
  }
}
