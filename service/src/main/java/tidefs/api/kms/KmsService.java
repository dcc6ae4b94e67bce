package tidefs.api.kms;

import java.util.List;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.base.Chance;
import tidefs.control.Account;
import tidefs.control.Control;
import tidefs.control.KmsKey;
import tidefs.control.NetworkRefusal;
import tidefs.control.Tags;
import tidefs.iam.Caller;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** KMS: the action in a header, JSON both ways. */
public final class KmsService implements Service {
  private static final String TARGET = "TrentService.";
  private static final String JSON = "application/x-amz-json-1.1";
  private static final int SHORTEST_DAYS = 7;
  private static final int LONGEST_DAYS = 30;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Control control;
  private final Cryptography cryptography;

  /** KMS over the keys of a control plane. */
  public KmsService(Control control, Chance chance) {
    this.control = control;
    this.cryptography = new Cryptography(control, chance);
  }

  @Override
  public String signingName() {
    return "kms";
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return exchange.header("x-amz-target").filter(it -> it.startsWith(TARGET)).isPresent();
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    String target = exchange.header("x-amz-target").orElse("");
    JsonNode in;
    try {
      in = MAPPER.readTree(exchange.body());
    } catch (JacksonException e) {
      throw ServiceError.serialization("The request's body is not well-formed JSON.");
    }
    ObjectNode out = MAPPER.createObjectNode();
    try {
      switch (target) {
        case TARGET + "CreateKey" -> createKey(in, out);
        case TARGET + "DescribeKey" ->
            out.set("KeyMetadata", metadata(control.kmsKeys().describe(text(in, "KeyId"))));
        case TARGET + "ListKeys" -> listKeys(out);
        case TARGET + "CreateAlias" ->
            control.kmsKeys().createAlias(text(in, "AliasName"), text(in, "TargetKeyId"));
        case TARGET + "ListAliases" -> listAliases(in, out);
        case TARGET + "ScheduleKeyDeletion" -> scheduleDeletion(in, out);
        case TARGET + "CancelKeyDeletion" ->
            out.put("KeyId", arn(control.kmsKeys().cancelDeletion(text(in, "KeyId"))));
        case TARGET + "EnableKey" -> control.kmsKeys().enable(text(in, "KeyId"), true);
        case TARGET + "DisableKey" -> control.kmsKeys().enable(text(in, "KeyId"), false);
        case TARGET + "RotateKeyOnDemand" ->
            out.put("KeyId", arn(control.kmsKeys().rotate(text(in, "KeyId"))));
        case TARGET + "Encrypt" -> cryptography.encrypt(in, out);
        case TARGET + "Decrypt" -> cryptography.decrypt(in, out);
        case TARGET + "GenerateDataKey" -> cryptography.generateDataKey(in, out);
        default ->
            throw new ServiceError(
                400, "UnknownOperationException", "There is no operation '" + target + "'.");
      }
    } catch (NetworkRefusal e) {
      throw new ServiceError(400, e.code(), e.message());
    }
    return Reply.of(200, JSON, MAPPER.writeValueAsBytes(out));
  }

  private void createKey(JsonNode in, ObjectNode out) throws NetworkRefusal, ServiceError {
    String spec = in.path("KeySpec").asString("SYMMETRIC_DEFAULT");
    if (!spec.equals("SYMMETRIC_DEFAULT")
        || !in.path("KeyUsage").asString("ENCRYPT_DECRYPT").equals("ENCRYPT_DECRYPT")) {
      throw new ServiceError(
          400, "UnsupportedOperationException", "Only symmetric keys for encryption are made.");
    }
    KmsKey made = control.kmsKeys().create(in.path("Description").asString(""), Tags.NONE);
    out.set("KeyMetadata", metadata(made));
  }

  private void listKeys(ObjectNode out) {
    ArrayNode list = out.putArray("Keys");
    for (KmsKey key : control.kmsKeys().all()) {
      list.addObject().put("KeyId", key.id()).put("KeyArn", arn(key));
    }
    out.put("Truncated", false);
  }

  private void listAliases(JsonNode in, ObjectNode out) throws NetworkRefusal {
    List<KmsKey> keys = control.kmsKeys().all();
    if (in.has("KeyId")) {
      keys = List.of(control.kmsKeys().describe(in.path("KeyId").asString("")));
    }
    Account account = control.account();
    ArrayNode list = out.putArray("Aliases");
    for (KmsKey key : keys) {
      for (String alias : key.aliases()) {
        list.addObject()
            .put("AliasName", alias)
            .put("AliasArn", account.kmsArn(alias))
            .put("TargetKeyId", key.id());
      }
    }
    out.put("Truncated", false);
  }

  private void scheduleDeletion(JsonNode in, ObjectNode out) throws NetworkRefusal, ServiceError {
    int days = in.path("PendingWindowInDays").asInt(LONGEST_DAYS);
    if (days < SHORTEST_DAYS || days > LONGEST_DAYS) {
      throw ServiceError.validation("PendingWindowInDays is not in 7 to 30.");
    }
    KmsKey key = control.kmsKeys().scheduleDeletion(text(in, "KeyId"), days);
    out.put("KeyId", arn(key));
    out.put("DeletionDate", key.deletion().orElseThrow().getEpochSecond());
    out.put("KeyState", "PendingDeletion");
    out.put("PendingWindowInDays", days);
  }

  private String arn(KmsKey key) {
    return control.account().kmsArn("key/" + key.id());
  }

  private ObjectNode metadata(KmsKey key) {
    ObjectNode out = MAPPER.createObjectNode();
    out.put("AWSAccountId", control.account().id());
    out.put("KeyId", key.id());
    out.put("Arn", arn(key));
    out.put("CreationDate", key.creation().getEpochSecond());
    out.put("Enabled", key.usable());
    out.put("Description", key.description());
    out.put("KeyUsage", "ENCRYPT_DECRYPT");
    out.put("KeyState", key.keyState());
    key.deletion().ifPresent(when -> out.put("DeletionDate", when.getEpochSecond()));
    out.put("Origin", "AWS_KMS");
    out.put("KeyManager", key.managed() ? "AWS" : "CUSTOMER");
    out.put("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT");
    out.put("KeySpec", "SYMMETRIC_DEFAULT");
    out.putArray("EncryptionAlgorithms").add("SYMMETRIC_DEFAULT");
    out.put("MultiRegion", false);
    return out;
  }

  static String text(JsonNode in, String member) throws ServiceError {
    String text = in.path(member).asString("");
    if (text.isEmpty()) {
      throw ServiceError.validation("The member " + member + " is missing.");
    }
    return text;
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("__type", error.code());
    body.put("message", error.message());
    return Reply.of(error.status(), JSON, MAPPER.writeValueAsBytes(body));
  }
}
