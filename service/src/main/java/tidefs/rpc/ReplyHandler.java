package tidefs.rpc;

import tidefs.xdr.XdrReader;

/** What becomes of a call of the server to its client. Runs on the connection's event loop. */
public interface ReplyHandler {
  /** The call succeeded; {@code results} are valid until this method returns. */
  void replied(XdrReader results);

  /** The call failed. */
  void failed(Failure why);

  /** Why a call failed. */
  enum Failure {
    /** The connection closed before the reply came. */
    CLOSED,
    /** The reply did not come in time. */
    TIMED_OUT,
    /** The peer denied the call: its version of RPC or the credentials. */
    DENIED,
    /** The peer has no such program, version or procedure, or failed to perform it. */
    REFUSED,
    /** The reply cannot be decoded. */
    GARBAGE,
    /** Too many calls wait for their replies. */
    BUSY
  }
}
