package tidefs.iam.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads policy documents, of identities (without principals) or of resources (with them). */
public final class PolicyParser {
  private static final int DEPTH = 16;
  private static final int STATEMENTS = 400;
  private static final Set<String> MEMBERS = Set.of("Version", "Id", "Statement");
  private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
  private static final Set<String> STATEMENT_MEMBERS =
      Set.of(
          "Sid",
          "Effect",
          "Principal",
          "NotPrincipal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition");
  private static final String ACCOUNT = "[0-9]{12}|arn:aws[-a-z]*:(iam|sts)::[0-9]{12}:.+";
  private static final String SERVICE = "[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?";
  private static final String ACTION = "\\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+";
  private static final String SYNTAX = "Syntax errors in policy";
  private static final String PRINCIPAL = "Policy contains invalid Principal block";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final boolean ofResource;

  private PolicyParser(boolean ofResource) {
    this.ofResource = ofResource;
  }

  /** A policy of a user: every statement says about which resources it is. */
  public static Policy ofIdentity(String text) throws MalformedPolicy {
    return new PolicyParser(false).document(text);
  }

  /** A policy of a resource: every statement says about whom it is. */
  public static Policy ofResource(String text) throws MalformedPolicy {
    return new PolicyParser(true).document(text);
  }

  private Policy document(String text) throws MalformedPolicy {
    JsonNode document;
    try {
      document = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new MalformedPolicy("This policy contains invalid Json");
    }
    require(document.isObject(), "This policy contains invalid Json");
    for (Map.Entry<String, JsonNode> member : document.properties()) {
      require(MEMBERS.contains(member.getKey()), SYNTAX);
    }
    String version = document.path("Version").asString("2008-10-17");
    require(VERSIONS.contains(version), "The policy must contain a valid version string");
    List<Statement> statements = new ArrayList<>();
    for (JsonNode statement : oneOrMore(document.path("Statement"))) {
      require(statement instanceof ObjectNode, SYNTAX);
      statements.add(statement((ObjectNode) statement));
    }
    require(!statements.isEmpty(), "Policy must contain at least one statement");
    require(statements.size() <= STATEMENTS, "Policy contains too many statements");
    return new Policy(statements);
  }

  private Statement statement(ObjectNode in) throws MalformedPolicy {
    for (Map.Entry<String, JsonNode> member : in.properties()) {
      require(STATEMENT_MEMBERS.contains(member.getKey()), SYNTAX);
    }
    String effect = in.path("Effect").asString("");
    require(effect.equals("Allow") || effect.equals("Deny"), "Policy contains an invalid Effect");
    Optional<Principals> principals = principals(in);
    require(in.has("Action") != in.has("NotAction"), "Policy has no valid Action");
    Patterns actions = patterns(in, "Action", "NotAction");
    for (String action : actions.patterns()) {
      require(action.matches(ACTION), "Policy has no valid Action");
    }
    require(!(in.has("Resource") && in.has("NotResource")), SYNTAX);
    boolean anything = !in.has("Resource") && !in.has("NotResource");
    require(ofResource || !anything, "Policy statement must contain resources.");
    Patterns resources = anything ? Patterns.ALL : patterns(in, "Resource", "NotResource");
    return new Statement(
        in.path("Sid").asString(""),
        effect.equals("Allow") ? Statement.Effect.ALLOW : Statement.Effect.DENY,
        principals,
        actions,
        resources,
        conditions(in.path("Condition")));
  }

  private Optional<Principals> principals(ObjectNode in) throws MalformedPolicy {
    boolean positive = in.has("Principal");
    boolean inverted = in.has("NotPrincipal");
    if (!ofResource) {
      require(!positive && !inverted, "Policy document should not specify a principal.");
      return Optional.empty();
    }
    require(positive != inverted, PRINCIPAL);
    JsonNode node = in.path(positive ? "Principal" : "NotPrincipal");
    if (node.isString()) {
      require(node.asString().equals("*"), PRINCIPAL);
      return Optional.of(new Principals(List.of("*"), List.of(), inverted));
    }
    require(node instanceof ObjectNode && !node.isEmpty(), PRINCIPAL);
    List<String> names = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Map.Entry<String, JsonNode> kind : ((ObjectNode) node).properties()) {
      for (String name : texts(kind.getValue())) {
        switch (kind.getKey()) {
          case "AWS" -> {
            require(name.equals("*") || name.matches(ACCOUNT), PRINCIPAL);
            names.add(name);
          }
          case "Service" -> {
            require(name.matches(SERVICE), PRINCIPAL);
            others.add(name);
          }
          case "Federated" -> {
            require(!name.isEmpty(), PRINCIPAL);
            others.add(name);
          }
          default -> throw new MalformedPolicy(PRINCIPAL);
        }
      }
    }
    return Optional.of(new Principals(names, others, inverted));
  }

  private static List<Condition> conditions(JsonNode node) throws MalformedPolicy {
    List<Condition> conditions = new ArrayList<>();
    require(node.isMissingNode() || node.isObject(), "Policy has an invalid Condition");
    for (Map.Entry<String, JsonNode> block : node.properties()) {
      require(block.getValue().isObject(), "Policy has an invalid Condition");
      for (Map.Entry<String, JsonNode> key : block.getValue().properties()) {
        conditions.add(condition(block.getKey(), key.getKey(), key.getValue()));
      }
    }
    return conditions;
  }

  private static Condition condition(String name, String key, JsonNode values)
      throws MalformedPolicy {
    String rest = name;
    Condition.SetOperator set = Condition.SetOperator.NONE;
    int colon = rest.indexOf(':');
    if (colon >= 0) {
      set =
          switch (rest.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "foranyvalue" -> Condition.SetOperator.FOR_ANY_VALUE;
            case "forallvalues" -> Condition.SetOperator.FOR_ALL_VALUES;
            default -> throw new MalformedPolicy("Invalid Condition type : " + name);
          };
      rest = rest.substring(colon + 1);
    }
    boolean ifExists = rest.toLowerCase(Locale.ROOT).endsWith("ifexists");
    if (ifExists) {
      rest = rest.substring(0, rest.length() - "IfExists".length());
    }
    Optional<Operator> operator = Operator.named(rest);
    require(operator.isPresent(), "Invalid Condition type : " + name);
    require(operator.get() != Operator.NULL || !ifExists, "Invalid Condition type : " + name);
    require(key.matches("[A-Za-z0-9./_-]+:[^\\s:]+.*"), "Policy has an invalid condition key");
    return new Condition(operator.get(), set, ifExists, key, values(values));
  }

  /** The values of a condition: texts, numbers or truth values, one or more. */
  private static List<String> values(JsonNode node) throws MalformedPolicy {
    List<String> found = new ArrayList<>();
    for (JsonNode element : oneOrMore(node)) {
      require(element.isString() || element.isNumber() || element.isBoolean(), SYNTAX);
      found.add(element.asString());
    }
    require(!found.isEmpty(), SYNTAX);
    return found;
  }

  private static Patterns patterns(ObjectNode in, String name, String inverted)
      throws MalformedPolicy {
    boolean not = in.has(inverted);
    return new Patterns(texts(in.path(not ? inverted : name)), not);
  }

  private static Iterable<JsonNode> oneOrMore(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    return node.isArray() ? node.values() : List.of(node);
  }

  private static List<String> texts(JsonNode node) throws MalformedPolicy {
    List<String> found = new ArrayList<>();
    for (JsonNode element : oneOrMore(node)) {
      require(element.isString(), SYNTAX);
      found.add(element.asString());
    }
    require(!found.isEmpty(), SYNTAX);
    return found;
  }

  private static void require(boolean condition, String problem) throws MalformedPolicy {
    if (!condition) {
      throw new MalformedPolicy(problem);
    }
  }
}
