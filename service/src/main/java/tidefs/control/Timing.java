package tidefs.control;

import java.time.Duration;

/**
 * How long resources stay in a passing state, at least: long enough for a client that polls to see
 * it, short enough that nobody waits.
 */
public record Timing(Duration creating, Duration updating, Duration deleting) {
  /** A quarter of a second each. */
  public static final Timing DEFAULT =
      new Timing(Duration.ofMillis(250), Duration.ofMillis(250), Duration.ofMillis(250));
}
