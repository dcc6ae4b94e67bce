package tidefs.rpc;

/** A remote program: what answers the calls of one program number, for a range of versions. */
public interface RpcProgram {
  /** The program number. */
  int number();

  /** The lowest version that is spoken. */
  int lowestVersion();

  /** The highest version that is spoken. */
  int highestVersion();

  /**
   * Answers {@code call}, or {@linkplain RpcCall#defer defers} it and answers later from any
   * thread. Runs on the event loop of the call's connection and must not block. The NULL procedure,
   * other programs' calls and versions out of range never come here.
   *
   * <p>What escapes this method answers SYSTEM_ERR; so does a return without an answer or a
   * deferral.
   */
  void call(RpcCall call);

  /** A connection was opened: the place to attach state to it. Runs on its event loop. */
  default void opened(Connection connection) {}
}
