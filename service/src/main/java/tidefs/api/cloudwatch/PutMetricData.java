package tidefs.api.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.base.Clock;
import tidefs.metrics.Metric;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.Sample;
import tidefs.metrics.Series;
import tidefs.metrics.StatisticSet;
import tidefs.metrics.Units;

/** PutMetricData. */
record PutMetricData(MetricArchive archive, Clock clock) implements Operation {
  private static final int DATA = 1_000;
  private static final int VALUES = 150;
  private static final int STANDARD_SECONDS = 60;
  private static final double LARGEST = 0x1p360;
  private static final Duration OLDEST = Duration.ofDays(14);
  private static final Duration NEWEST = Duration.ofHours(2);

  @Override
  public Structure perform(Input in) throws ServiceError {
    String namespace = Shapes.namespace(in);
    if (namespace.startsWith("AWS/")) {
      throw in.invalid("Namespace", "must not begin with 'AWS/'.");
    }
    List<Sample> samples = new ArrayList<>();
    List<Input> data = in.structures("MetricData", DATA);
    if (data.isEmpty()) {
      throw Errors.missing("MetricData");
    }
    for (Input each : data) {
      samples.add(sample(namespace, each));
    }
    try {
      archive.put(samples);
    } catch (MetricArchive.FullException e) {
      throw new ServiceError(400, "LimitExceeded", "There are too many metrics already.");
    }
    return Structure.EMPTY;
  }

  private Sample sample(String namespace, Input in) throws ServiceError {
    Instant now = clock.now();
    Instant time = in.time("Timestamp").orElse(now);
    if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(NEWEST))) {
      throw in.invalid(
          "Timestamp", "must be within two weeks in the past and two hours in the future.");
    }
    Metric metric =
        new Metric(
            namespace,
            in.requiredText("MetricName", Shapes.NAME_CHARACTERS),
            Shapes.dimensions(in));
    String unit = Shapes.unit(in);
    Series series = new Series(metric, unit.isEmpty() ? Units.NONE : unit);
    int resolution = in.whole("StorageResolution", 1, STANDARD_SECONDS).orElse(STANDARD_SECONDS);
    if (resolution != 1 && resolution != STANDARD_SECONDS) {
      throw in.invalid("StorageResolution", "must be 1 or 60.");
    }
    return new Sample(series, time.getEpochSecond(), values(in), resolution == 1);
  }

  private static StatisticSet values(Input in) throws ServiceError {
    Optional<Double> value = in.number("Value");
    Optional<Input> set = in.structure("StatisticValues");
    List<Double> values = in.numbers("Values", VALUES);
    int kinds =
        (value.isPresent() ? 1 : 0) + (set.isPresent() ? 1 : 0) + (values.isEmpty() ? 0 : 1);
    if (kinds != 1) {
      throw kinds == 0
          ? Errors.missing(in.path() + "Value")
          : Errors.combination("Value, Values and StatisticValues exclude each other.");
    }
    StatisticSet all;
    if (value.isPresent()) {
      all = StatisticSet.of(value.get());
    } else if (set.isPresent()) {
      Input its = set.get();
      all =
          new StatisticSet(
              its.requiredNumber("SampleCount"),
              its.requiredNumber("Sum"),
              its.requiredNumber("Minimum"),
              its.requiredNumber("Maximum"));
    } else {
      all = counted(in, values);
    }
    if (Math.abs(all.minimum()) > LARGEST
        || Math.abs(all.maximum()) > LARGEST
        || all.sampleCount() <= 0
        || all.minimum() > all.maximum()) {
      throw in.invalid("Value", "is out of range.");
    }
    return all;
  }

  private static StatisticSet counted(Input in, List<Double> values) throws ServiceError {
    List<Double> counts = in.numbers("Counts", VALUES);
    if (!counts.isEmpty() && counts.size() != values.size()) {
      throw Errors.combination("Values and Counts must be of the same length.");
    }
    StatisticSet all = null;
    for (int i = 0; i < values.size(); i++) {
      double count = counts.isEmpty() ? 1 : counts.get(i);
      double value = values.get(i);
      if (!(count > 0)) {
        throw in.invalid("Counts", "must be greater than 0.");
      }
      StatisticSet one = StatisticSet.of(value, count);
      all = all == null ? one : all.plus(one);
    }
    return all == null ? StatisticSet.of(0) : all;
  }
}
