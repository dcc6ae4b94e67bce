package tidefs.fs.throughput;

/**
 * A balance of burst credits, in bytes: it grows at the baseline rate and shrinks by what is
 * metered, between nothing and a cap. Not for concurrent use.
 */
final class BurstCredits {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private long balance;
  private long asOfMicros;

  /** What was earned beyond whole bytes, in millionths of a byte. */
  private long fraction;

  BurstCredits(long balance, long nowNanos) {
    this.balance = balance;
    asOfMicros = Math.floorDiv(nowNanos, NANOS_PER_MICRO);
  }

  /** Adds what was earned since the last call. */
  void earn(long bytesPerSecond, long cap, long nowNanos) {
    long nowMicros = Math.floorDiv(nowNanos, NANOS_PER_MICRO);
    long micros = nowMicros - asOfMicros;
    asOfMicros = nowMicros;
    long part = bytesPerSecond * (micros % MICROS_PER_SECOND) + fraction;
    balance += bytesPerSecond * (micros / MICROS_PER_SECOND) + part / MICROS_PER_SECOND;
    fraction = part % MICROS_PER_SECOND;
    if (balance >= cap) {
      balance = cap;
      fraction = 0;
    }
  }

  /** Lets time pass in which nothing is earned. */
  void pause(long nowNanos) {
    asOfMicros = Math.floorDiv(nowNanos, NANOS_PER_MICRO);
  }

  /**
   * Takes {@code bytes} away. The balance may fall below zero by what one moment has let through:
   * this is paid back before the next burst.
   */
  void spend(long bytes) {
    balance -= bytes;
  }

  /** What there is; at least nothing. */
  long balance() {
    return Math.max(balance, 0);
  }
}
