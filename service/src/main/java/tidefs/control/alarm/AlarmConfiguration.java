package tidefs.control.alarm;

import java.util.List;
import java.util.Optional;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.DataQuery.Source.OfMetric;

/**
 * What an alarm watches and what it does.
 *
 * @param description empty if there is none
 * @param queries one for an alarm on a metric; several, of which one returns data, for metric math
 * @param isMath whether the alarm was put with queries
 * @param evaluateLowSampleCountPercentile as it was put: with "ignore", a percentile of too few
 *     samples to mean much leaves the state as it is
 */
public record AlarmConfiguration(
    String name,
    String description,
    Actions actions,
    List<DataQuery> queries,
    boolean isMath,
    Rule rule,
    Optional<String> evaluateLowSampleCountPercentile) {
  /** Copies the queries. */
  public AlarmConfiguration {
    queries = List.copyOf(queries);
  }

  /** What is done in each state, by ARN, if it is enabled. */
  public record Actions(
      boolean enabled, List<String> ok, List<String> alarm, List<String> insufficientData) {
    /** Copies the lists. */
    public Actions {
      ok = List.copyOf(ok);
      alarm = List.copyOf(alarm);
      insufficientData = List.copyOf(insufficientData);
    }

    /** The actions of a state. */
    public List<String> of(AlarmState state) {
      return switch (state) {
        case OK -> ok;
        case ALARM -> alarm;
        case INSUFFICIENT_DATA -> insufficientData;
      };
    }
  }

  /**
   * When the alarm goes off.
   *
   * @param datapointsToAlarm how many of the {@code evaluationPeriods} must breach
   * @param saysDatapoints whether the number was put, or follows from the periods
   */
  public record Rule(
      Comparison comparison,
      double threshold,
      int evaluationPeriods,
      int datapointsToAlarm,
      boolean saysDatapoints,
      MissingData missingData,
      boolean saysMissingData) {}

  /** The metric of an alarm that has just one. */
  public Optional<OfMetric> metric() {
    return !isMath && queries.getFirst().source() instanceof OfMetric of
        ? Optional.of(of)
        : Optional.empty();
  }

  /** The length of a period; less than a minute for alarms of high resolution. */
  public int periodSeconds() {
    int longest = 0;
    for (DataQuery query : queries) {
      if (query.source() instanceof OfMetric of) {
        longest = Math.max(longest, of.periodSeconds());
      }
    }
    return longest == 0 ? 60 : longest;
  }

  /** Whether it is evaluated every ten seconds. */
  boolean isHighResolution() {
    return periodSeconds() < 60;
  }

  /** The percentile that is not to be trusted when samples are few, if it is one. */
  Optional<OfMetric> distrusted() {
    return evaluateLowSampleCountPercentile.equals(Optional.of("ignore"))
        ? metric()
        : Optional.empty();
  }

  AlarmConfiguration withActionsEnabled(boolean enabled) {
    return new AlarmConfiguration(
        name,
        description,
        new Actions(enabled, actions.ok, actions.alarm, actions.insufficientData),
        queries,
        isMath,
        rule,
        evaluateLowSampleCountPercentile);
  }
}
