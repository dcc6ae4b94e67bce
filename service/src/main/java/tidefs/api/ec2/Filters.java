package tidefs.api.ec2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tidefs.api.ServiceError;
import tidefs.iam.Wildcard;

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
    Map<String, List<String>> each = new HashMap<>();
    attributes.forEach((name, value) -> each.put(name, List.of(value)));
    return passAny(each);
  }

  /** As {@link #pass}, for attributes of which a thing has several or none. */
  boolean passAny(Map<String, List<String>> attributes) throws ServiceError {
    for (var filter : wanted.entrySet()) {
      List<String> attribute = attributes.get(filter.getKey());
      if (attribute == null) {
        throw new ServiceError(
            400, "InvalidParameterValue", "The filter '" + filter.getKey() + "' is invalid");
      }
      if (attribute.stream()
          .noneMatch(
              has -> filter.getValue().stream().anyMatch(value -> Wildcard.fits(has, value)))) {
        return false;
      }
    }
    return true;
  }
}
