package tidefs.api.efs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import tidefs.api.Exchange;
import tidefs.api.ServiceError;
import tidefs.control.PageRequest;
import tidefs.iam.Caller;
import tools.jackson.databind.JsonNode;

/** A request to one operation: its body, its query and the parameters of its path. */
final class EfsRequest {
  private final Exchange exchange;
  private final Caller caller;
  private final Map<String, String> pathParameters;
  private final Violations violations = new Violations();

  EfsRequest(Exchange exchange, Caller caller, Map<String, String> pathParameters) {
    this.exchange = exchange;
    this.caller = caller;
    this.pathParameters = pathParameters;
  }

  Caller caller() {
    return caller;
  }

  /** The id of the request, a UUID. */
  String id() {
    return exchange.requestId();
  }

  /** The address of the client. */
  String remoteAddress() {
    return exchange.remoteAddress();
  }

  /** {@code true} or {@code false}, if the body says one of them under this name. */
  Optional<String> flagNamed(String name) {
    try {
      return exchange.body().length == 0
          ? Optional.empty()
          : Json.parse(exchange.body()).path(name).asBooleanOpt().map(String::valueOf);
    } catch (ServiceError unreadable) {
      return Optional.empty(); // The operation will refuse it.
    }
  }

  /** The tags that the body wants set, whether or not they are valid ones. */
  Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode tag : list("Tags")) {
      String key = tag.path("Key").asString("");
      if (!key.isEmpty()) {
        tags.put(key, tag.path("Value").asString(""));
      }
    }
    return tags;
  }

  /** The keys of the tags that the request is about, whether or not they are valid ones. */
  List<String> tagKeys() {
    List<String> keys = new ArrayList<>(tags().keySet());
    keys.addAll(exchange.query().all("tagKeys"));
    for (JsonNode key : list("TagKeys")) {
      key.asStringOpt().ifPresent(keys::add);
    }
    return keys;
  }

  private Iterable<JsonNode> list(String name) {
    try {
      return exchange.body().length == 0 ? List.of() : Json.parse(exchange.body()).path(name);
    } catch (ServiceError unreadable) {
      return List.of(); // The operation will refuse it.
    }
  }

  /** A text that path, query or body hold under this name, whether or not it is a valid one. */
  Optional<String> named(String name) {
    Optional<String> found =
        Optional.ofNullable(pathParameters.get(name)).or(() -> exchange.query().first(name));
    if (found.isPresent() || exchange.body().length == 0) {
      return found;
    }
    try {
      return Json.parse(exchange.body()).path(name).asStringOpt();
    } catch (ServiceError unreadable) {
      return Optional.empty(); // The operation will refuse it.
    }
  }

  /** The members of the body. */
  Members body() throws ServiceError {
    return new Members(Json.parse(exchange.body()), "", violations);
  }

  /** A parameter of the path. */
  String path(String name, Constraint constraint) {
    String value = pathParameters.getOrDefault(name, "");
    violations.check(value, Violations.path("", name), constraint);
    return value;
  }

  /** A parameter of the query. */
  Optional<String> query(String name, Constraint constraint) {
    Optional<String> value = exchange.query().first(name);
    value.ifPresent(text -> violations.check(text, Violations.path("", name), constraint));
    return value;
  }

  /** A parameter of the query out of an enumeration, given by the names on the wire. */
  <E> Optional<E> queryChoice(String name, Map<String, E> choices) {
    Optional<String> value = exchange.query().first(name);
    if (value.isPresent() && !choices.containsKey(value.get())) {
      violations.add(
          value.get(),
          Violations.path("", name),
          "Member must satisfy enum value set: " + choices.keySet());
    }
    return value.flatMap(given -> Optional.ofNullable(choices.get(given)));
  }

  /** All values of a parameter of the query. */
  List<String> queries(String name, Constraint constraint, int minCount, int maxCount) {
    List<String> values = exchange.query().all(name);
    String path = Violations.path("", name);
    if (values.isEmpty()) {
      violations.addMissing(path);
    } else if (values.size() < minCount || values.size() > maxCount) {
      violations.add(
          values.toString(),
          path,
          "Member must have length between " + minCount + " and " + maxCount);
    }
    for (int i = 0; i < values.size(); i++) {
      violations.check(values.get(i), path + "." + (i + 1) + ".member", constraint);
    }
    return values;
  }

  /** The page that the query asks for, under the names that the operation gives its parameters. */
  PageRequest page(String entriesName, String markerName) throws ServiceError {
    OptionalInt entries = OptionalInt.empty();
    Optional<String> text = exchange.query().first(entriesName);
    if (text.isPresent()) {
      try {
        entries = OptionalInt.of(Integer.parseInt(text.get()));
      } catch (NumberFormatException e) {
        throw ServiceError.serialization(
            "The parameter '" + Violations.path("", entriesName) + "' is not an integer.");
      }
      if (entries.getAsInt() < 1) {
        violations.add(
            text.get(),
            Violations.path("", entriesName),
            "Member must have value greater than or equal to 1");
      }
    }
    return new PageRequest(query(markerName, Constraint.MARKER), entries);
  }

  /** Ends the request if anything that was read of it breaks a constraint. */
  void refuseIfInvalid() throws ServiceError {
    violations.refuseIfAny();
  }
}
