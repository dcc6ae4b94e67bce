package tidefs.control.alarm;

import java.util.Optional;

/** How a value is compared with the threshold. */
public enum Comparison {
  GREATER_OR_EQUAL("GreaterThanOrEqualToThreshold", "greater than or equal to"),
  GREATER("GreaterThanThreshold", "greater than"),
  LESS("LessThanThreshold", "less than"),
  LESS_OR_EQUAL("LessThanOrEqualToThreshold", "less than or equal to");

  private final String wireName;
  private final String words;

  Comparison(String wireName, String words) {
    this.wireName = wireName;
    this.words = words;
  }

  /** The name in the API. */
  public String wireName() {
    return wireName;
  }

  /** How it is told. */
  String words() {
    return words;
  }

  /** Whether {@code value} breaches {@code threshold}. */
  boolean breaches(double value, double threshold) {
    return switch (this) {
      case GREATER_OR_EQUAL -> value >= threshold;
      case GREATER -> value > threshold;
      case LESS -> value < threshold;
      case LESS_OR_EQUAL -> value <= threshold;
    };
  }

  /** The comparison of this name in the API. */
  public static Optional<Comparison> named(String wireName) {
    for (Comparison each : values()) {
      if (each.wireName.equals(wireName)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
