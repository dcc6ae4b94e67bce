package tidefs.testkit;

import java.time.Duration;
import java.time.Instant;
import tidefs.base.Clock;

/** A clock that stands still until a test moves it. */
public final class ManualClock implements Clock {
  private Instant now = Instant.parse("2026-11-22T08:00:00Z");
  private long nanos;

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long monotonicNanos() {
    return nanos;
  }

  /** The wall clock jumps; the other does not. */
  public synchronized void jump(Duration by) {
    now = now.plus(by);
  }

  /** Moves both of its times on. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }
}
