package tidefs.api.efs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tidefs.api.ServiceError;
import tidefs.iam.Caller;
import tidefs.iam.Wildcard;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file system policy that somebody wants to put: a resource-based policy in the language of IAM,
 * with principals, about actions of EFS and one file system.
 */
final class PolicyDocument {
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
  private static final String ACTION_PREFIX = "elasticfilesystem:";
  private static final String PUT_POLICY = "elasticfilesystem:putfilesystempolicy";

  private final String fileSystemArn;
  private final ObjectNode document;
  private final List<ObjectNode> statements = new ArrayList<>();

  /** Reads a document; throws InvalidPolicyException if it is no policy for this file system. */
  PolicyDocument(String text, String fileSystemArn) throws ServiceError {
    this.fileSystemArn = fileSystemArn;
    try {
      document = Json.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (ServiceError e) {
      throw invalid("This policy contains invalid Json");
    }
    for (Map.Entry<String, JsonNode> member : document.properties()) {
      require(MEMBERS.contains(member.getKey()), "Syntax errors in policy");
    }
    String version = document.path("Version").asString("2008-10-17");
    require(VERSIONS.contains(version), "The policy must contain a valid version string");
    for (JsonNode statement : oneOrMore(document.path("Statement"))) {
      require(statement instanceof ObjectNode, "Syntax errors in policy");
      statements.add(checked((ObjectNode) statement));
    }
    require(!statements.isEmpty(), "Policy must contain at least one statement");
  }

  /**
   * The document as it is kept: with an id, and every statement with a Sid and a resource. What is
   * missing is made from {@code seed}, which no other document may have.
   */
  String normalised(String seed) {
    ObjectNode out = Json.object();
    out.put("Version", document.path("Version").asString("2008-10-17"));
    out.put("Id", document.path("Id").asString("efs-policy-" + seed));
    ArrayNode list = out.putArray("Statement");
    for (int i = 0; i < statements.size(); i++) {
      ObjectNode statement = list.addObject();
      statement.put("Sid", "efs-statement-" + unique(seed + i));
      statement.setAll(statements.get(i));
      if (!statement.has("Resource") && !statement.has("NotResource")) {
        statement.put("Resource", fileSystemArn);
      }
    }
    return out.toString();
  }

  private static UUID unique(String seed) {
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode checked(ObjectNode statement) throws ServiceError {
    for (Map.Entry<String, JsonNode> member : statement.properties()) {
      require(STATEMENT_MEMBERS.contains(member.getKey()), "Syntax errors in policy");
    }
    String effect = statement.path("Effect").asString("");
    require(effect.equals("Allow") || effect.equals("Deny"), "Policy contains an invalid Effect");
    require(
        statement.has("Principal") != statement.has("NotPrincipal"),
        "Policy contains invalid Principal block");
    checkPrincipal(statement.path(statement.has("Principal") ? "Principal" : "NotPrincipal"));
    require(statement.has("Action") != statement.has("NotAction"), "Policy has no valid Action");
    for (String action : texts(statement.path(statement.has("Action") ? "Action" : "NotAction"))) {
      boolean ours = action.toLowerCase(Locale.ROOT).startsWith(ACTION_PREFIX);
      require(ours || action.equals("*"), "Policy contains an action of another service");
    }
    for (String member : List.of("Resource", "NotResource")) {
      if (statement.has(member)) {
        for (String resource : texts(statement.path(member))) {
          require(Wildcard.fits(fileSystemArn, resource), "Policy contains a resource not its own");
        }
      }
    }
    JsonNode condition = statement.path("Condition");
    require(condition.isMissingNode() || condition.isObject(), "Policy has an invalid Condition");
    return statement;
  }

  private static void checkPrincipal(JsonNode principal) throws ServiceError {
    if (principal.isString()) {
      require(principal.asString().equals("*"), "Policy contains invalid Principal block");
      return;
    }
    require(
        principal instanceof ObjectNode && !principal.isEmpty(),
        "Policy contains invalid Principal block");
    for (Map.Entry<String, JsonNode> kind : ((ObjectNode) principal).properties()) {
      for (String name : texts(kind.getValue())) {
        boolean valid =
            switch (kind.getKey()) {
              case "AWS" -> name.equals("*") || name.matches(ACCOUNT);
              case "Service" -> name.matches("[a-z0-9.-]+\\.amazonaws\\.com");
              case "Federated" -> !name.isEmpty();
              default -> false;
            };
        require(valid, "Policy contains invalid Principal block");
      }
    }
  }

  /**
   * Refuses a policy under which the caller could not put another: one that denies it without a
   * condition. What is allowed elsewhere stays allowed.
   */
  void refuseLockout(Caller caller) throws ServiceError {
    for (ObjectNode statement : statements) {
      boolean denies = statement.path("Effect").asString("").equals("Deny");
      if (denies && !statement.has("Condition") && names(statement, caller) && covers(statement)) {
        throw invalid(
            "The policy would lock you out: you could not call PutFileSystemPolicy any more. Set"
                + " BypassPolicyLockoutSafetyCheck if that is intended.");
      }
    }
  }

  private static boolean names(ObjectNode statement, Caller caller) throws ServiceError {
    boolean inverted = statement.has("NotPrincipal");
    JsonNode principal = statement.path(inverted ? "NotPrincipal" : "Principal");
    boolean named = principal.isString();
    if (principal instanceof ObjectNode && principal.has("AWS")) {
      for (String name : texts(principal.path("AWS"))) {
        named |=
            name.equals("*")
                || name.equals(caller.arn())
                || name.equals(caller.accountId())
                || name.endsWith("::" + caller.accountId() + ":root");
      }
    }
    return named != inverted;
  }

  private static boolean covers(ObjectNode statement) throws ServiceError {
    boolean inverted = statement.has("NotAction");
    boolean covered = false;
    for (String action : texts(statement.path(inverted ? "NotAction" : "Action"))) {
      covered |= Wildcard.fits(PUT_POLICY, action.toLowerCase(Locale.ROOT));
    }
    return covered != inverted;
  }

  private static Iterable<JsonNode> oneOrMore(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    return node.isArray() ? node.values() : List.of(node);
  }

  private static List<String> texts(JsonNode node) throws ServiceError {
    List<String> found = new ArrayList<>();
    for (JsonNode element : oneOrMore(node)) {
      require(element.isString(), "Syntax errors in policy");
      found.add(element.asString());
    }
    require(!found.isEmpty(), "Syntax errors in policy");
    return found;
  }

  private static void require(boolean condition, String problem) throws ServiceError {
    if (!condition) {
      throw invalid(problem);
    }
  }

  private static ServiceError invalid(String message) {
    return new ServiceError(400, "InvalidPolicyException", message);
  }
}
