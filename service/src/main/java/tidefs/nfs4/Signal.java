package tidefs.nfs4;

import tidefs.nfs4.op.Reply;
import tidefs.xdr.XdrWriter;

/** What an operation returns to {@link Compound} in place of a result. */
enum Signal implements Reply {
  /** The whole result is written. */
  WRITTEN,

  /** The result comes when the future completes that was given to {@link Compound#suspend}. */
  SUSPENDED;

  @Override
  public void encodeBody(XdrWriter out) {
    throw new IllegalStateException("a signal is no result");
  }
}
