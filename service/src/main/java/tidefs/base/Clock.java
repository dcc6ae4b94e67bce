package tidefs.base;

import java.time.Instant;

/** Where time comes from. Passed in wherever time matters, so that a test can drive it. */
public interface Clock {
  /** The wall clock: may jump, in both directions. For times that users see. */
  Instant now();

  /** Nanoseconds from an arbitrary origin, never going back. For leases, time-outs and rates. */
  long monotonicNanos();

  /** The machine's own clock. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
