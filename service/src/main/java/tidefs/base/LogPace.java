package tidefs.base;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a message through once a second and counts those that it holds back, so that whoever causes
 * a message again and again does not fill the log. Thread-safe.
 */
public final class LogPace {
  private static final long PERIOD_NANOS = 1_000_000_000;

  private final Clock clock;
  private final AtomicLong last;
  private final AtomicLong held = new AtomicLong();

  /** A pace that lets the next message through. */
  public LogPace(Clock clock) {
    this.clock = clock;
    last = new AtomicLong(clock.monotonicNanos() - PERIOD_NANOS);
  }

  /** How many were held back since the last that passed; empty if this one is held back, too. */
  public OptionalLong pass() {
    long now = clock.monotonicNanos();
    long before = last.get();
    if (now - before < PERIOD_NANOS || !last.compareAndSet(before, now)) {
      held.incrementAndGet();
      return OptionalLong.empty();
    }
    return OptionalLong.of(held.getAndSet(0));
  }
}
