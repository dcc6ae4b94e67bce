package tidefs.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads single values; each method throws IllegalArgumentException saying what would be right. */
final class Values {
  private static final int FAR = 3;

  private Values() {}

  static int integer(String text, int lowest, int highest) {
    try {
      int value = Integer.parseInt(text);
      if (value >= lowest && value <= highest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is out of range.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a whole number from " + lowest + " to " + highest);
  }

  static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  static <E extends Enum<E>> E oneOf(Class<E> type, String text) {
    for (E each : type.getEnumConstants()) {
      if (word(each).equals(text)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is none of "
            + Arrays.stream(type.getEnumConstants())
                .map(Values::word)
                .collect(Collectors.joining(", ")));
  }

  /** How the configuration writes a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * An address and a port: {@code 127.0.0.1:8049} or {@code [::1]:8049}. Names are not looked up.
   */
  static InetSocketAddress socketAddress(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || (host.contains(":") && !bracketed)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address and a port, such as 127.0.0.1:8049 or [::1]:8049");
    }
    int port = integer(text.substring(colon + 1), 0, 65_535);
    try {
      String literal = bracketed ? host.substring(1, host.length() - 1) : host;
      return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + host + "' is not an IP address (write 127.0.0.1 for localhost)", e);
    }
  }

  /** How the configuration writes an address and a port. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** The word that is meant, if one is near enough. */
  static Optional<String> nearest(String text, Collection<String> words) {
    return words.stream()
        .filter(word -> distance(text, word) < FAR)
        .min((a, b) -> Integer.compare(distance(text, a), distance(text, b)));
  }

  /** How many letters must be put in, taken out or changed to make {@code a} into {@code b}. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
