package tidefs.api.efs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tidefs.api.ServiceError;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of one structure of a request. A member of the wrong type ends the request at once; a
 * broken constraint is noted and the member read as far as it goes, so that all are told together.
 * Members with unknown names and members that are null do not count.
 */
final class Members {
  private final ObjectNode object;
  private final String path;
  private final Violations violations;

  Members(ObjectNode object, String path, Violations violations) {
    this.object = object;
    this.path = path;
    this.violations = violations;
  }

  Optional<String> text(String name, Constraint constraint) throws ServiceError {
    Optional<String> value =
        member(name).isPresent() ? Optional.of(string(name)) : Optional.empty();
    value.ifPresent(text -> violations.check(text, path(name), constraint));
    return value;
  }

  String requiredText(String name, Constraint constraint) throws ServiceError {
    require(name);
    return text(name, constraint).orElse("");
  }

  /** A string out of an enumeration, given by the names on the wire. */
  <E> Optional<E> choice(String name, Map<String, E> choices) throws ServiceError {
    if (member(name).isEmpty()) {
      return Optional.empty();
    }
    String value = string(name);
    if (!choices.containsKey(value)) {
      violations.add(value, path(name), "Member must satisfy enum value set: " + choices.keySet());
    }
    return Optional.ofNullable(choices.get(value));
  }

  Optional<Boolean> flag(String name) throws ServiceError {
    Optional<JsonNode> value = member(name);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw wrongType(name, "a boolean");
    }
    return value.map(JsonNode::booleanValue);
  }

  OptionalDouble decimal(String name, double min) throws ServiceError {
    Optional<JsonNode> value = member(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!value.get().isNumber()) {
      throw wrongType(name, "a number");
    }
    double number = value.get().doubleValue();
    if (!(number >= min)) {
      violations.add(
          value.get().decimalValue().toPlainString(),
          path(name),
          "Member must have value greater than or equal to " + BigDecimal.valueOf(min));
    }
    return OptionalDouble.of(number);
  }

  OptionalLong integer(String name, long min, long max) throws ServiceError {
    Optional<JsonNode> value = member(name);
    return value.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(integer(value.get(), name, min, max));
  }

  long requiredInteger(String name, long min, long max) throws ServiceError {
    require(name);
    return integer(name, min, max).orElse(min);
  }

  List<Long> integers(String name, long min, long max, int maxCount) throws ServiceError {
    List<Long> values = new ArrayList<>();
    for (JsonNode element : elements(name, maxCount)) {
      values.add(integer(element, name, min, max));
    }
    return values;
  }

  List<String> texts(String name, Constraint constraint, int minCount, int maxCount)
      throws ServiceError {
    List<String> values = new ArrayList<>();
    for (JsonNode element : elements(name, maxCount)) {
      if (!element.isString()) {
        throw wrongType(name, "a list of strings");
      }
      String value = element.stringValue();
      violations.check(value, elementPath(name, values.size()), constraint);
      values.add(value);
    }
    if (values.size() < minCount) {
      violations.add(
          values.toString(),
          path(name),
          "Member must have length greater than or equal to " + minCount);
    }
    return values;
  }

  Optional<Members> structure(String name) throws ServiceError {
    Optional<JsonNode> value = member(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof ObjectNode structure) {
      return Optional.of(new Members(structure, path(name), violations));
    }
    throw wrongType(name, "a structure");
  }

  List<Members> structures(String name, int maxCount) throws ServiceError {
    List<Members> values = new ArrayList<>();
    for (JsonNode element : elements(name, maxCount)) {
      if (!(element instanceof ObjectNode structure)) {
        throw wrongType(name, "a list of structures");
      }
      values.add(new Members(structure, elementPath(name, values.size()), violations));
    }
    return values;
  }

  /** Notes a violation if the member is missing. */
  void require(String name) {
    if (member(name).isEmpty()) {
      violations.addMissing(path(name));
    }
  }

  /** How many members are not null. */
  int count() {
    return (int) object.properties().stream().filter(it -> !it.getValue().isNull()).count();
  }

  private List<JsonNode> elements(String name, int maxCount) throws ServiceError {
    Optional<JsonNode> value = member(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof ArrayNode array)) {
      throw wrongType(name, "a list");
    }
    if (array.size() > maxCount) {
      violations.add(
          "[" + array.size() + " elements]",
          path(name),
          "Member must have length less than or equal to " + maxCount);
      return List.of();
    }
    return List.copyOf(array.values());
  }

  private long integer(JsonNode value, String name, long min, long max) throws ServiceError {
    if (!value.isIntegralNumber()) {
      throw wrongType(name, "an integer");
    }
    long number = value.canConvertToLong() ? value.longValue() : Long.MAX_VALUE;
    if (number < min) {
      violations.add(
          value.asString(), path(name), "Member must have value greater than or equal to " + min);
    }
    if (number > max) {
      violations.add(
          value.asString(), path(name), "Member must have value less than or equal to " + max);
    }
    return number;
  }

  private String string(String name) throws ServiceError {
    JsonNode value = member(name).orElseThrow();
    if (!value.isString()) {
      throw wrongType(name, "a string");
    }
    return value.stringValue();
  }

  private Optional<JsonNode> member(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  private String path(String name) {
    return Violations.path(path, name);
  }

  private String elementPath(String name, int index) {
    return path(name) + "." + (index + 1) + ".member";
  }

  private ServiceError wrongType(String name, String type) {
    return ServiceError.serialization("The member '" + path(name) + "' is not " + type + ".");
  }
}
