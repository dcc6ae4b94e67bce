package tidefs.iam.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * A condition operator ("IAM JSON policy elements: Condition operators"). A negated one holds where
 * its positive does not.
 */
public enum Operator {
  STRING_EQUALS("StringEquals", false, Kind.STRING),
  STRING_NOT_EQUALS("StringNotEquals", true, Kind.STRING),
  STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false, Kind.STRING_IGNORE_CASE),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true, Kind.STRING_IGNORE_CASE),
  STRING_LIKE("StringLike", false, Kind.LIKE),
  STRING_NOT_LIKE("StringNotLike", true, Kind.LIKE),
  NUMERIC_EQUALS("NumericEquals", false, Kind.NUMBER),
  NUMERIC_NOT_EQUALS("NumericNotEquals", true, Kind.NUMBER),
  NUMERIC_LESS_THAN("NumericLessThan", false, Kind.NUMBER),
  NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", false, Kind.NUMBER),
  NUMERIC_GREATER_THAN("NumericGreaterThan", false, Kind.NUMBER),
  NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", false, Kind.NUMBER),
  DATE_EQUALS("DateEquals", false, Kind.DATE),
  DATE_NOT_EQUALS("DateNotEquals", true, Kind.DATE),
  DATE_LESS_THAN("DateLessThan", false, Kind.DATE),
  DATE_LESS_THAN_EQUALS("DateLessThanEquals", false, Kind.DATE),
  DATE_GREATER_THAN("DateGreaterThan", false, Kind.DATE),
  DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false, Kind.DATE),
  BOOL("Bool", false, Kind.STRING_IGNORE_CASE),
  BINARY_EQUALS("BinaryEquals", false, Kind.STRING),
  IP_ADDRESS("IpAddress", false, Kind.ADDRESS),
  NOT_IP_ADDRESS("NotIpAddress", true, Kind.ADDRESS),
  ARN_EQUALS("ArnEquals", false, Kind.ARN),
  ARN_LIKE("ArnLike", false, Kind.ARN),
  ARN_NOT_EQUALS("ArnNotEquals", true, Kind.ARN),
  ARN_NOT_LIKE("ArnNotLike", true, Kind.ARN),
  NULL("Null", false, Kind.STRING_IGNORE_CASE);

  private static final int ARN_PARTS = 6;

  private final String text;
  private final boolean negated;
  private final Kind kind;

  Operator(String text, boolean negated, Kind kind) {
    this.text = text;
    this.negated = negated;
    this.kind = kind;
  }

  private enum Kind {
    STRING,
    STRING_IGNORE_CASE,
    LIKE,
    NUMBER,
    DATE,
    ADDRESS,
    ARN,
  }

  /** The operator of this name, in any case. */
  static Optional<Operator> named(String name) {
    for (Operator each : values()) {
      if (each.text.equalsIgnoreCase(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Whether it holds where its positive does not. */
  boolean isNegated() {
    return negated;
  }

  /** Whether a value fits the wanted one, the negation left aside. */
  boolean matches(String value, String wanted, AccessRequest request) {
    return switch (kind) {
      case STRING -> Variables.literal(wanted, request).filter(value::equals).isPresent();
      case STRING_IGNORE_CASE ->
          Variables.literal(wanted, request).filter(value::equalsIgnoreCase).isPresent();
      case LIKE -> Variables.fits(value, wanted, request);
      case NUMBER -> compared(number(value), number(wanted));
      case DATE -> compared(instant(value), instant(wanted));
      case ADDRESS -> AddressRange.parse(wanted).filter(it -> it.includes(value)).isPresent();
      case ARN -> arnFits(value, wanted, request);
    };
  }

  private static boolean arnFits(String value, String wanted, AccessRequest request) {
    String[] values = value.split(":", ARN_PARTS);
    String[] patterns = wanted.split(":(?![^{}]*})", ARN_PARTS);
    if (wanted.equals("*")) {
      return true;
    }
    if (values.length != ARN_PARTS || patterns.length != ARN_PARTS) {
      return false;
    }
    for (int i = 0; i < ARN_PARTS; i++) {
      if (!Variables.fits(values[i], patterns[i], request)) {
        return false;
      }
    }
    return true;
  }

  private <T extends Comparable<T>> boolean compared(Optional<T> value, Optional<T> wanted) {
    if (value.isEmpty() || wanted.isEmpty()) {
      return false;
    }
    int order = value.get().compareTo(wanted.get());
    return switch (this) {
      case NUMERIC_LESS_THAN, DATE_LESS_THAN -> order < 0;
      case NUMERIC_LESS_THAN_EQUALS, DATE_LESS_THAN_EQUALS -> order <= 0;
      case NUMERIC_GREATER_THAN, DATE_GREATER_THAN -> order > 0;
      case NUMERIC_GREATER_THAN_EQUALS, DATE_GREATER_THAN_EQUALS -> order >= 0;
      default -> order == 0;
    };
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      return text.length() > 64 ? Optional.empty() : Optional.of(new BigDecimal(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** ISO 8601, or seconds since 1970. */
  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(
          text.matches("[0-9]{1,11}")
              ? Instant.ofEpochSecond(Long.parseLong(text))
              : text.length() == 10
                  ? Instant.parse(text + "T00:00:00Z")
                  : OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
