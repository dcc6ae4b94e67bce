package tidefs.metrics.query;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidefs.metrics.StatisticSet;

/**
 * What is made of the samples of a period: one of the five statistics, or a percentile. A
 * percentile needs every sample; of a statistic set it is known only if all samples are the same,
 * as CloudWatch has it.
 *
 * @param name as the API has it
 */
public record Statistic(String name) {
  private static final Pattern PERCENTILE =
      Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,10})?|100)|IQM|(tm|wm|tc|ts|TM|WM|TC|TS|PR)\\S{1,40}");

  /** The statistic of this name, if there is one. */
  public static Optional<Statistic> named(String name) {
    boolean simple =
        switch (name) {
          case "SampleCount", "Average", "Sum", "Minimum", "Maximum" -> true;
          default -> false;
        };
    return simple ? Optional.of(new Statistic(name)) : extended(name);
  }

  /** The extended statistic of this name, if there is one. */
  public static Optional<Statistic> extended(String name) {
    Matcher matcher = PERCENTILE.matcher(name);
    return matcher.matches() ? Optional.of(new Statistic(name)) : Optional.empty();
  }

  /** Its value, if it is known. */
  public OptionalDouble of(StatisticSet set) {
    return switch (name) {
      case "SampleCount" -> OptionalDouble.of(set.sampleCount());
      case "Average" -> OptionalDouble.of(set.average());
      case "Sum" -> OptionalDouble.of(set.sum());
      case "Minimum" -> OptionalDouble.of(set.minimum());
      case "Maximum" -> OptionalDouble.of(set.maximum());
      default ->
          set.minimum() == set.maximum() && name.toLowerCase(Locale.ROOT).startsWith("p")
              ? OptionalDouble.of(set.minimum())
              : OptionalDouble.empty();
    };
  }
}
