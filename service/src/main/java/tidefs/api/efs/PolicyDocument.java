package tidefs.api.efs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tidefs.api.ServiceError;
import tidefs.iam.Wildcard;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.Policy;
import tidefs.iam.policy.PolicyParser;
import tidefs.iam.policy.Statement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file system policy that somebody wants to put: a resource-based policy in the language of IAM,
 * with principals, about actions of EFS and one file system.
 *
 * @param document what {@code policy} was read from
 */
record PolicyDocument(Policy policy, ObjectNode document, String fileSystemArn) {
  private static final String ACTION_PREFIX = "elasticfilesystem:";

  /** Reads a document; throws InvalidPolicyException if it is no policy for this file system. */
  static PolicyDocument parse(String text, String fileSystemArn) throws ServiceError {
    Policy policy;
    try {
      policy = PolicyParser.ofResource(text);
    } catch (MalformedPolicy e) {
      throw invalid(e.message());
    }
    for (Statement statement : policy.statements()) {
      for (String action : statement.actions().patterns()) {
        boolean ours = action.toLowerCase(Locale.ROOT).startsWith(ACTION_PREFIX);
        if (!ours && !action.equals("*")) {
          throw invalid("Policy contains an action of another service");
        }
      }
      for (String resource : statement.resources().patterns()) {
        if (!Wildcard.fits(fileSystemArn, resource)) {
          throw invalid("Policy contains a resource not its own");
        }
      }
    }
    return new PolicyDocument(
        policy, Json.parse(text.getBytes(StandardCharsets.UTF_8)), fileSystemArn);
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
    JsonNode given = document.path("Statement");
    int number = 0;
    for (JsonNode each : given.isArray() ? given.values() : List.of(given)) {
      ObjectNode statement = list.addObject();
      statement.put("Sid", "efs-statement-" + unique(seed + number++));
      statement.setAll((ObjectNode) each);
      if (!statement.has("Resource") && !statement.has("NotResource")) {
        statement.put("Resource", fileSystemArn);
      }
    }
    return out.toString();
  }

  private static UUID unique(String seed) {
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
  }

  private static ServiceError invalid(String message) {
    return new ServiceError(400, "InvalidPolicyException", message);
  }
}
