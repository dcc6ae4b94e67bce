package tidefs.rpc;

import java.util.concurrent.atomic.LongAdder;

/** What a server has met since it started. From any thread. */
public final class ServerCounters {
  private final LongAdder connectionsAccepted = new LongAdder();
  private final LongAdder connectionsRefused = new LongAdder();
  private final LongAdder recordsRefused = new LongAdder();
  private final LongAdder callsRefused = new LongAdder();
  private final LongAdder programFaults = new LongAdder();
  private final LongAdder pauses = new LongAdder();

  ServerCounters() {}

  /** Connections opened. */
  public long connectionsAccepted() {
    return connectionsAccepted.sum();
  }

  /** Connections closed at once because their listener had too many. */
  public long connectionsRefused() {
    return connectionsRefused.sum();
  }

  /** Connections ended because of what they sent: no record, one too large, one too slow. */
  public long recordsRefused() {
    return recordsRefused.sum();
  }

  /** Calls answered AUTH_ERROR because of the form of their credentials. */
  public long callsRefused() {
    return callsRefused.sum();
  }

  /** Calls that a program failed to answer. */
  public long programFaults() {
    return programFaults.sum();
  }

  /** Times that a connection was read no further until its replies had left. */
  public long pauses() {
    return pauses.sum();
  }

  void connectionAccepted() {
    connectionsAccepted.increment();
  }

  void connectionRefused() {
    connectionsRefused.increment();
  }

  void recordRefused() {
    recordsRefused.increment();
  }

  void callRefused() {
    callsRefused.increment();
  }

  void programFault() {
    programFaults.increment();
  }

  void paused() {
    pauses.increment();
  }
}
