package tidefs.control.alarm;

import java.time.Instant;
import java.util.Map;

/**
 * An alarm and its state.
 *
 * @param stateReasonData JSON, or empty
 * @param stateUpdatedAt when the state was last set, the same or another
 * @param stateTransitionedAt when it last became another
 */
public record Alarm(
    AlarmConfiguration configuration,
    Instant configuredAt,
    AlarmState state,
    String stateReason,
    String stateReasonData,
    Instant stateUpdatedAt,
    Instant stateTransitionedAt,
    Map<String, String> tags) {
  /** Copies the tags. */
  public Alarm {
    tags = Map.copyOf(tags);
  }

  /** A new alarm, not evaluated yet. */
  static Alarm created(AlarmConfiguration configuration, Map<String, String> tags, Instant now) {
    return new Alarm(
        configuration,
        now,
        AlarmState.INSUFFICIENT_DATA,
        "Unchecked: Initial alarm creation",
        "",
        now,
        now,
        tags);
  }

  /** The name, by which it is known. */
  public String name() {
    return configuration.name();
  }

  Alarm with(AlarmConfiguration newConfiguration, Instant now) {
    return new Alarm(
        newConfiguration,
        now,
        state,
        stateReason,
        stateReasonData,
        stateUpdatedAt,
        stateTransitionedAt,
        tags);
  }

  Alarm with(Map<String, String> newTags) {
    return new Alarm(
        configuration,
        configuredAt,
        state,
        stateReason,
        stateReasonData,
        stateUpdatedAt,
        stateTransitionedAt,
        newTags);
  }

  Alarm with(AlarmState newState, String reason, String reasonData, Instant now) {
    Instant transitionedAt = newState == state ? stateTransitionedAt : now;
    return new Alarm(
        configuration, configuredAt, newState, reason, reasonData, now, transitionedAt, tags);
  }
}
