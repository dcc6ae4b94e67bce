package tidefs.metrics.query;

import java.util.Optional;
import java.util.OptionalDouble;
import tidefs.metrics.Distribution;
import tidefs.metrics.StatisticSet;

/**
 * What is made of the samples of a period: one of the five statistics, or an extended one such as a
 * percentile. An extended one needs every sample: of statistic sets it is known only if all samples
 * are the same, as CloudWatch has it.
 *
 * @param name as the API has it
 * @param extended what it is if it is none of the five
 */
public record Statistic(String name, Optional<Extended> extended) {
  private static final double SIGNIFICANT_SAMPLES = 10;

  /** The statistic of this name, which is one. */
  public Statistic(String name) {
    this(name, ExtendedSyntax.parse(name));
  }

  /** The statistic of this name, if there is one. */
  public static Optional<Statistic> named(String name) {
    Optional<Statistic> simple = simple(name);
    return simple.isPresent() ? simple : extended(name);
  }

  /** The statistic of this name, if it is one of the five. */
  public static Optional<Statistic> simple(String name) {
    return switch (name) {
      case "SampleCount", "Average", "Sum", "Minimum", "Maximum" ->
          Optional.of(new Statistic(name));
      default -> Optional.empty();
    };
  }

  /** The extended statistic of this name, if there is one. */
  public static Optional<Statistic> extended(String name) {
    Statistic statistic = new Statistic(name);
    return statistic.extended.isPresent() ? Optional.of(statistic) : Optional.empty();
  }

  /** Its value, if it is known. */
  public OptionalDouble of(StatisticSet set) {
    return switch (name) {
      case "SampleCount" -> OptionalDouble.of(set.sampleCount());
      case "Average" -> OptionalDouble.of(set.average());
      case "Sum" -> OptionalDouble.of(set.sum());
      case "Minimum" -> OptionalDouble.of(set.minimum());
      case "Maximum" -> OptionalDouble.of(set.maximum());
      default -> ofSamples(set);
    };
  }

  private OptionalDouble ofSamples(StatisticSet set) {
    Distribution samples = set.distribution();
    if (extended.isEmpty() || samples.isEmpty()) {
      return OptionalDouble.empty();
    }
    return switch (extended.get()) {
      case Extended.Percentile(double percent) when percent == 0 ->
          OptionalDouble.of(set.minimum());
      case Extended.Percentile(double percent) when percent == 100 ->
          OptionalDouble.of(set.maximum());
      // The middle of a bucket may lie beyond the samples in it.
      case Extended.Percentile its ->
          OptionalDouble.of(
              Math.clamp(its.of(samples).orElseThrow(), set.minimum(), set.maximum()));
      case Extended.Between its -> its.of(samples);
      case Extended.Within its -> its.of(samples);
    };
  }

  /**
   * Whether so many samples are too few for a percentile to mean much ("Percentile-based alarms and
   * low data samples"): fewer than 10 are expected beyond it.
   */
  public boolean isLowSampleCount(double samples) {
    if (extended.isEmpty() || !(extended.get() instanceof Extended.Percentile(double percent))) {
      return false;
    }
    double beyond = percent >= 50 ? (100 - percent) / 100 : percent / 100;
    return beyond > 0 && samples * beyond < SIGNIFICANT_SAMPLES * (1 - 1e-12);
  }
}
