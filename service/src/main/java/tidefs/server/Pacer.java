package tidefs.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tidefs.base.Clock;

/** A rate that several threads share: each books the time of its bytes, and waits for it. */
final class Pacer {
  private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Clock clock;
  private final long nanosPerMib;
  private final BooleanSupplier stopping;
  private long freeAt;

  /** A rate, for which nobody waits any more once {@code stopping}. */
  Pacer(Clock clock, int mibPerSecond, BooleanSupplier stopping) {
    this.clock = clock;
    this.nanosPerMib = TimeUnit.SECONDS.toNanos(1) / mibPerSecond;
    this.stopping = stopping;
    this.freeAt = clock.monotonicNanos();
  }

  /** {@code bytes} were moved. */
  void took(long bytes) {
    long until;
    synchronized (this) {
      long now = clock.monotonicNanos();
      freeAt = Math.max(freeAt, now) + (bytes >> 10) * (nanosPerMib >> 10);
      until = freeAt;
    }
    long left = until - clock.monotonicNanos();
    while (left > 0 && !stopping.getAsBoolean()) {
      LockSupport.parkNanos(this, Math.min(left, LONGEST_NAP_NANOS));
      left = until - clock.monotonicNanos();
    }
  }
}
