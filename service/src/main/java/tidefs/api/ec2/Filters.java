package tidefs.api.ec2;

import java.util.List;
import java.util.Map;
import tidefs.api.ServiceError;

/**
 * Applies EC2's filters: a thing must fit one value of every filter, where {@code *} stands for any
 * characters and {@code ?} for any one.
 */
final class Filters {
  private final Map<String, List<String>> wanted;

  Filters(Ec2Request request) {
    wanted = request.filters();
  }

  /**
   * Whether a thing with these attributes passes; a filter on an attribute not here is an error.
   */
  boolean pass(Map<String, String> attributes) throws ServiceError {
    for (var filter : wanted.entrySet()) {
      String attribute = attributes.get(filter.getKey());
      if (attribute == null) {
        throw new ServiceError(
            400, "InvalidParameterValue", "The filter '" + filter.getKey() + "' is invalid");
      }
      if (filter.getValue().stream().noneMatch(value -> fits(attribute, value))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text fits the pattern; a star is widened only as far as it must be. */
  static boolean fits(String text, String pattern) {
    int at = 0;
    int in = 0;
    int star = -1;
    int starAt = 0;
    while (at < text.length()) {
      char wanted = in < pattern.length() ? pattern.charAt(in) : 0;
      if (wanted == '*') {
        star = in++;
        starAt = at;
      } else if (in < pattern.length() && (wanted == '?' || wanted == text.charAt(at))) {
        at++;
        in++;
      } else if (star >= 0) {
        in = star + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }
}
