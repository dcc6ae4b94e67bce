package tidefs.fs.throughput;

/**
 * A token bucket, kept as the time at which it is free again: each request moves that time on by
 * its share of a second. A little of unused time is saved, so that pauses of a timer cost nothing.
 * Not for concurrent use.
 */
final class Bucket {
  private final long savedNanos;
  private double freeAtNanos;

  Bucket(long savedNanos, long nowNanos) {
    this.savedNanos = savedNanos;
    freeAtNanos = nowNanos;
  }

  /** Whether a request may go now; it may take more than is there, and the next ones wait. */
  boolean isFree(long nowNanos) {
    return freeAtNanos <= nowNanos;
  }

  /** When a request may go. */
  long freeAtNanos() {
    return (long) Math.ceil(freeAtNanos);
  }

  /** Takes {@code seconds} of the bucket's time. */
  void take(double seconds, long nowNanos) {
    freeAtNanos = Math.max(freeAtNanos, nowNanos - (double) savedNanos) + seconds * 1e9;
  }

  /** How much time may be taken before a request has to wait: at least none. */
  double savedSeconds(long nowNanos) {
    return Math.clamp(nowNanos - freeAtNanos, 0, (double) savedNanos) / 1e9;
  }

  /** Whether all that can be saved is saved. */
  boolean isFull(long nowNanos) {
    return freeAtNanos <= nowNanos - (double) savedNanos;
  }
}
