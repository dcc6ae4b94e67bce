package tidefs.api.cloudwatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.base.Clock;
import tidefs.metrics.Limits;
import tidefs.metrics.Metric;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.StatisticSet;
import tidefs.metrics.query.Statistic;

/** GetMetricStatistics. */
record GetMetricStatistics(MetricArchive archive, Clock clock) implements Operation {
  private static final int POINTS = 1_440;
  private static final int STATISTICS = 5;
  private static final int EXTENDED_STATISTICS = 10;

  @Override
  public Structure perform(Input in) throws ServiceError {
    Metric metric = Shapes.metric(in);
    int period = Shapes.period(in);
    long from = rounded(in.requiredTime("StartTime"), period);
    long to = in.requiredTime("EndTime").getEpochSecond();
    if (to <= from) {
      throw Errors.invalid("The parameter StartTime must be less than the parameter EndTime.");
    }
    long wanted = (to - from) / period;
    if (wanted > POINTS) {
      throw Errors.combination(
          "You have requested up to "
              + String.format("%,d", wanted)
              + " datapoints, which exceeds the limit of 1,440. You may reduce the datapoints"
              + " requested by increasing Period, or decreasing the time range.");
    }
    List<Statistic> statistics = statistics(in, "Statistics", STATISTICS, Statistic::simple);
    List<Statistic> extended =
        statistics(in, "ExtendedStatistics", EXTENDED_STATISTICS, Statistic::extended);
    if (statistics.isEmpty() && extended.isEmpty()) {
      throw Errors.combination(
          "Must specify either Statistics or ExtendedStatistics in the request.");
    }
    String unit = Shapes.unit(in);
    String shown = unit.isEmpty() ? archive.unitOf(metric) : unit;
    List<Datum> points = new ArrayList<>();
    archive
        .read(metric, unit, from, to, period)
        .forEach(
            (time, set) -> point(time, set, statistics, extended, shown).ifPresent(points::add));
    return Structure.with().put("Label", metric.name()).put("Datapoints", points).end();
  }

  /** The older the beginning, the coarser it is taken. */
  private long rounded(Instant start, int period) {
    if (period < Limits.MINUTE_SECONDS) {
      return start.getEpochSecond() - Math.floorMod(start.getEpochSecond(), period);
    }
    long age = clock.now().getEpochSecond() - start.getEpochSecond();
    long unit =
        age < (long) Limits.MINUTE_POINTS_DAYS * Limits.DAY_SECONDS
            ? Limits.MINUTE_SECONDS
            : age < (long) Limits.FIVE_MINUTE_POINTS_DAYS * Limits.DAY_SECONDS
                ? Limits.FIVE_MINUTES_SECONDS
                : Limits.HOUR_SECONDS;
    return start.getEpochSecond() - Math.floorMod(start.getEpochSecond(), unit);
  }

  private static List<Statistic> statistics(
      Input in, String member, int limit, Function<String, Optional<Statistic>> named)
      throws ServiceError {
    List<Statistic> statistics = new ArrayList<>();
    for (String name : in.texts(member, limit)) {
      statistics.add(
          named
              .apply(name)
              .orElseThrow(() -> in.invalid(member, "holds '" + name + "': no statistic.")));
    }
    return statistics;
  }

  /** A point, if one of the statistics at least is known. */
  private static Optional<Structure> point(
      long time,
      StatisticSet set,
      List<Statistic> statistics,
      List<Statistic> extended,
      String unit) {
    if (statistics.isEmpty() && extended.stream().allMatch(each -> each.of(set).isEmpty())) {
      return Optional.empty();
    }
    Datum.Builder out = Structure.with().put("Timestamp", Instant.ofEpochSecond(time));
    for (Statistic each : statistics) {
      each.of(set).ifPresent(value -> out.put(each.name(), value));
    }
    if (!extended.isEmpty()) {
      Datum.Builder values = Structure.with();
      for (Statistic each : extended) {
        each.of(set).ifPresent(value -> values.put(each.name(), value));
      }
      out.put("ExtendedStatistics", values.end());
    }
    return Optional.of(out.put("Unit", unit).end());
  }
}
