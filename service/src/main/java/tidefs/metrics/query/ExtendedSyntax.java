package tidefs.metrics.query;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidefs.metrics.query.Extended.Between;
import tidefs.metrics.query.Extended.Kind;
import tidefs.metrics.query.Extended.Percentile;
import tidefs.metrics.query.Extended.Within;

/** Reads the names of extended statistics. */
final class ExtendedSyntax {
  private static final String PERCENT = "(\\d{1,2}(?:\\.\\d{1,10})?|100(?:\\.0{1,10})?)";
  private static final String VALUE = "(\\d{1,18}(?:\\.\\d{1,10})?)";
  private static final Pattern PERCENTILE = Pattern.compile("p" + PERCENT);
  private static final Pattern TRIMMED = Pattern.compile("(tm|wm|tc|ts)" + PERCENT);
  private static final Pattern SHARES =
      Pattern.compile("(TM|WM|TC|TS)\\((?:" + PERCENT + "%)?:(?:" + PERCENT + "%)?\\)");
  private static final Pattern VALUES =
      Pattern.compile("(TM|WM|TC|TS|PR)\\(" + VALUE + "?:" + VALUE + "?\\)");

  private ExtendedSyntax() {}

  /** The extended statistic of this name, if there is one. */
  static Optional<Extended> parse(String name) {
    if (name.equals("IQM")) {
      return Optional.of(new Between(Kind.TM, 0.25, 0.75));
    }
    Matcher percentile = PERCENTILE.matcher(name);
    if (percentile.matches()) {
      return Optional.of(new Percentile(Double.parseDouble(percentile.group(1))));
    }
    Matcher trimmed = TRIMMED.matcher(name);
    if (trimmed.matches()) {
      Kind kind = Kind.valueOf(trimmed.group(1).toUpperCase(Locale.ROOT));
      return Optional.of(new Between(kind, 0, Double.parseDouble(trimmed.group(2)) / 100));
    }
    Matcher shares = SHARES.matcher(name);
    if (shares.matches()) {
      return bounded(shares, 100).map(of -> new Between(of.kind(), of.from() / 100, of.to() / 100));
    }
    Matcher values = VALUES.matcher(name);
    return values.matches()
        ? bounded(values, Double.POSITIVE_INFINITY)
            .map(of -> new Within(of.kind(), of.hasFrom() ? of.from() : -1, of.to()))
        : Optional.empty();
  }

  private record Bounds(Kind kind, boolean hasFrom, double from, double to) {}

  /** The bounds, of which one at least must be there and the upper one the higher. */
  private static Optional<Bounds> bounded(Matcher matcher, double most) {
    @Nullable String from = matcher.group(2);
    @Nullable String to = matcher.group(3);
    Bounds bounds =
        new Bounds(
            Kind.valueOf(matcher.group(1)),
            from != null,
            from == null ? 0 : Double.parseDouble(from),
            to == null ? most : Double.parseDouble(to));
    boolean isRange = (from != null || to != null) && bounds.from < bounds.to;
    return isRange ? Optional.of(bounds) : Optional.empty();
  }
}
