package tidefs.cli;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A lifecycle configuration as it is written in files: in the form of the API, or as rules with
 * days, which are translated where EFS has a value for them.
 */
final class LifecycleDocument {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<Integer, String> DAYS = new TreeMap<>();
  private static final Map<String, String> CLASSES =
      Map.of(
          "IA", "TransitionToIA",
          "STANDARD_IA", "TransitionToIA",
          "INFREQUENT_ACCESS", "TransitionToIA",
          "ARCHIVE", "TransitionToArchive");

  static {
    DAYS.put(1, "AFTER_1_DAY");
    for (int days : new int[] {7, 14, 30, 60, 90, 180, 270, 365}) {
      DAYS.put(days, "AFTER_" + days + "_DAYS");
    }
  }

  private LifecycleDocument() {}

  /** The body of PutLifecycleConfiguration. IllegalArgumentException says what is wrong. */
  static String translate(String text) {
    JsonNode document;
    try {
      document = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
    if (document.isArray()) {
      return JSON.createObjectNode().set("LifecyclePolicies", document).toString();
    }
    if (document.has("LifecyclePolicies")) {
      return document.toString();
    }
    JsonNode rules = document.has("rules") ? document.get("rules") : document.get("Rules");
    if (rules == null || !rules.isArray()) {
      throw new IllegalArgumentException("has neither LifecyclePolicies nor rules");
    }
    ArrayNode policies = JSON.createArrayNode();
    for (JsonNode rule : rules) {
      for (JsonNode transition : member(rule, "transitions")) {
        policies.add(policy(transition));
      }
    }
    return JSON.createObjectNode().set("LifecyclePolicies", policies).toString();
  }

  private static ObjectNode policy(JsonNode transition) {
    String wanted = member(transition, "storageClass").asString("");
    String kind = CLASSES.get(wanted);
    if (kind == null) {
      throw new IllegalArgumentException(
          "names the storage class '" + wanted + "'; there are IA and ARCHIVE");
    }
    JsonNode days = member(transition, "days");
    String after = days.isInt() ? DAYS.get(days.asInt()) : null;
    if (after == null) {
      throw new IllegalArgumentException(
          "says " + days + " days; EFS has " + DAYS.keySet() + " (" + DAYS.values() + ")");
    }
    return JSON.createObjectNode().put(kind, after);
  }

  private static JsonNode member(JsonNode in, String name) {
    JsonNode found = in.get(name);
    if (found == null) {
      throw new IllegalArgumentException("has a rule without '" + name + "'");
    }
    return found;
  }
}
