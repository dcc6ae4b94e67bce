package tidefs.control.alarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides the state of an alarm by its newest points ("Evaluating an alarm", "Configuring how
 * CloudWatch alarms treat missing data"). Pure.
 *
 * <p>More periods are looked at than the alarm evaluates. If as many real points are among them as
 * it evaluates, the newest of these decide and missing data do not matter. If there are fewer, all
 * real points count and only what lacks is filled in by the rule for missing data.
 */
final class Evaluation {
  /** Periods looked at beyond those that are evaluated. */
  static final int MORE_PERIODS = 2;

  private Evaluation() {}

  /**
   * What a look at the points has shown.
   *
   * @param state empty: it stays as it is
   * @param decisive the real points that it rests on, newest first
   * @param filled how many missing points were treated as points
   */
  record Verdict(Optional<AlarmState> state, List<Point> decisive, int filled) {}

  /** A period's point. */
  record Point(long epochSecond, double value) {}

  /** Decides by {@code slots}, one for each period looked at, the oldest first. */
  static Verdict of(AlarmConfiguration.Rule rule, List<Optional<Point>> slots) {
    List<Point> real = new ArrayList<>();
    for (Optional<Point> slot : slots.reversed()) {
      slot.ifPresent(real::add);
    }
    if (real.size() >= rule.evaluationPeriods()) {
      List<Point> newest = List.copyOf(real.subList(0, rule.evaluationPeriods()));
      boolean alarm = breaching(rule, newest) >= rule.datapointsToAlarm();
      return new Verdict(Optional.of(alarm ? AlarmState.ALARM : AlarmState.OK), newest, 0);
    }
    int lacking = rule.evaluationPeriods() - real.size();
    return switch (rule.missingData()) {
      case BREACHING -> filled(rule, real, lacking, lacking);
      case NOT_BREACHING -> filled(rule, real, 0, lacking);
      case MISSING, IGNORE -> unfilled(rule, slots, real);
    };
  }

  private static long breaching(AlarmConfiguration.Rule rule, List<Point> points) {
    return points.stream()
        .filter(point -> rule.comparison().breaches(point.value(), rule.threshold()))
        .count();
  }

  private static Verdict filled(
      AlarmConfiguration.Rule rule, List<Point> real, int breachingFillers, int fillers) {
    boolean alarm = breaching(rule, real) + breachingFillers >= rule.datapointsToAlarm();
    return new Verdict(Optional.of(alarm ? AlarmState.ALARM : AlarmState.OK), real, fillers);
  }

  private static Verdict unfilled(
      AlarmConfiguration.Rule rule, List<Optional<Point>> slots, List<Point> real) {
    long breaching = breaching(rule, real);
    if (breaching >= rule.datapointsToAlarm()) {
      return new Verdict(Optional.of(AlarmState.ALARM), real, 0);
    }
    if (breaching < real.size()) {
      return new Verdict(Optional.of(AlarmState.OK), real, 0);
    }
    if (rule.missingData() == MissingData.IGNORE) {
      return new Verdict(Optional.empty(), real, 0);
    }
    if (real.isEmpty()) {
      return new Verdict(Optional.of(AlarmState.INSUFFICIENT_DATA), real, 0);
    }
    // All real points breach. The oldest must be old enough, lest the alarm is premature.
    int oldest = 0;
    while (slots.get(oldest).isEmpty()) {
      oldest++;
    }
    boolean oldEnough = slots.size() - oldest >= rule.datapointsToAlarm();
    return new Verdict(oldEnough ? Optional.of(AlarmState.ALARM) : Optional.empty(), real, 0);
  }
}
