package tidefs.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The decoded parameters of a query or of a form, each with its values in their order. */
public final class Parameters {
  /** No parameters. */
  public static final Parameters NONE = new Parameters(Map.of());

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** The parameters of a request, from its form or its query. */
  public static Parameters of(Exchange exchange) throws ServiceError {
    return exchange.method().equals("POST")
        ? parse(new String(exchange.body(), StandardCharsets.UTF_8))
        : exchange.query();
  }

  /**
   * Decodes {@code application/x-www-form-urlencoded} text.
   *
   * @throws ServiceError if it is not well-formed or too long
   */
  public static Parameters parse(String text) throws ServiceError {
    return parse(text, Limits.PARAMETERS);
  }

  /** See {@link #parse(String)}; with a limit of one's own on the number of parameters. */
  public static Parameters parse(String text, int limit) throws ServiceError {
    Map<String, List<String>> values = new LinkedHashMap<>();
    int count = 0;
    for (String pair : text.split("&", limit + 1)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (++count > limit) {
        throw ServiceError.serialization("The request has too many parameters.");
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      values.computeIfAbsent(decode(name), _ -> new ArrayList<>(1)).add(decode(value));
    }
    return new Parameters(values);
  }

  private static String decode(String text) throws ServiceError {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ServiceError.serialization("A parameter is not well-formed: bad percent-encoding.");
    }
  }

  /** The first value of a parameter. */
  public Optional<String> first(String name) {
    return Optional.ofNullable(values.get(name)).map(List::getFirst);
  }

  /** All values of a parameter. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /** All parameters, each with its values. Not to be changed. */
  public Map<String, List<String>> all() {
    return Collections.unmodifiableMap(values);
  }

  /** The names of all parameters. */
  public Set<String> names() {
    return values.keySet();
  }
}
