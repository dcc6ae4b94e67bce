package tidefs.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tags of a resource: values by key, in the order in which the keys were first set. */
public record Tags(Map<String, String> values) {
  /** No tags. */
  public static final Tags NONE = new Tags(Map.of());

  /** Copies the map, in its order. */
  public Tags {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The value of the tag {@code Name}, which the API shows as the name of the resource. */
  public Optional<String> name() {
    return Optional.ofNullable(values.get("Name"));
  }

  /**
   * These tags, with others set over them.
   *
   * @throws ApiRefusal if there would be more than a resource may have
   */
  Tags with(Tags others) throws ApiRefusal {
    Map<String, String> merged = new LinkedHashMap<>(values);
    merged.putAll(others.values);
    return new Tags(merged).checked();
  }

  /** These tags without those of the given keys; keys that are not there do no harm. */
  Tags without(List<String> keys) {
    Map<String, String> rest = new LinkedHashMap<>(values);
    keys.forEach(rest::remove);
    return new Tags(rest);
  }

  /** Refuses more tags than a resource may have. */
  Tags checked() throws ApiRefusal {
    if (values.size() > Limits.TAGS_PER_RESOURCE) {
      throw ApiRefusal.badRequest(
          "The number of tags exceeds the limit of " + Limits.TAGS_PER_RESOURCE + " per resource.");
    }
    return this;
  }
}
