package tidefs.rpc;

import java.time.Duration;
import tidefs.base.Invariant;

/**
 * What one peer may take of the server.
 *
 * @param recordBytes largest record, marks not counted; a larger one ends its connection
 * @param fragments most fragments of one record
 * @param recordTime how long a record may take from its first byte to its last
 * @param connections most connections of one listener; further ones are closed at once
 * @param callsInFlight calls of one connection that may wait for their reply; at this number it is
 *     read no further
 * @param replyBytesHigh bytes of replies not yet taken by the peer at which it is read no further
 * @param replyBytesLow bytes of replies at which reading resumes
 */
public record Limits(
    int recordBytes,
    int fragments,
    Duration recordTime,
    int connections,
    int callsInFlight,
    int replyBytesHigh,
    int replyBytesLow) {

  /** Most bytes of the body of a credential or verifier (RFC 5531 §8.2). */
  public static final int AUTH_BYTES = 400;

  /** Most bytes of the machine name of AUTH_SYS (RFC 5531 appendix A). */
  public static final int MACHINE_NAME_BYTES = 255;

  /** Most supplementary groups of AUTH_SYS (RFC 5531 appendix A). */
  public static final int GIDS = 16;

  /** Bytes that records may hold ahead of their arrival, over all connections of a server. */
  public static final long ASSEMBLY_BYTES = 256L << 20;

  /** A WRITE of 1 MiB and all that may stand around it. */
  public static final Limits DEFAULTS =
      new Limits(
          (1 << 20) + (64 << 10), 4096, Duration.ofSeconds(60), 25_000, 1024, 4 << 20, 1 << 20);

  /** Checks that the limits agree with one another. */
  public Limits {
    Invariant.check(recordBytes >= 1024, "a record holds at least the largest call header");
    Invariant.check(fragments > 0, "a record has at least one fragment");
    Invariant.check(recordTime.isPositive(), "a record takes some time");
    Invariant.check(connections > 0, "a listener takes at least one connection");
    Invariant.check(callsInFlight > 0, "a connection has at least one call in flight");
    Invariant.check(
        0 < replyBytesLow && replyBytesLow <= replyBytesHigh, "reading resumes below its stop");
  }

  /** The same limits with records of at most {@code bytes}. */
  public Limits withRecordBytes(int bytes) {
    return new Limits(
        bytes, fragments, recordTime, connections, callsInFlight, replyBytesHigh, replyBytesLow);
  }

  /** The same limits with at most {@code time} for a record to arrive. */
  public Limits withRecordTime(Duration time) {
    return new Limits(
        recordBytes, fragments, time, connections, callsInFlight, replyBytesHigh, replyBytesLow);
  }

  /** The same limits with at most {@code most} connections a listener. */
  public Limits withConnections(int most) {
    return new Limits(
        recordBytes, fragments, recordTime, most, callsInFlight, replyBytesHigh, replyBytesLow);
  }

  /** The same limits with at most {@code most} calls in flight on a connection. */
  public Limits withCallsInFlight(int most) {
    return new Limits(
        recordBytes, fragments, recordTime, connections, most, replyBytesHigh, replyBytesLow);
  }

  /** The same limits, reading stopped at {@code high} and resumed at {@code low} reply bytes. */
  public Limits withReplyBytes(int high, int low) {
    return new Limits(recordBytes, fragments, recordTime, connections, callsInFlight, high, low);
  }
}
