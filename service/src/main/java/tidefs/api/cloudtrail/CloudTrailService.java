package tidefs.api.cloudtrail;

import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import tidefs.api.Exchange;
import tidefs.api.Permission;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * LookupEvents of the CloudTrail API, without its filters: the latest events first. {@code
 * TideFS.ListEvents} answers the same events as lines of JSON.
 */
public final class CloudTrailService implements Service {
  private static final String JSON_TYPE = "application/x-amz-json-1.1";
  private static final String LINES_TYPE = "application/x-ndjson";
  private static final int PAGE = 50;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Trail trail;
  private final String accountId;
  private final String region;
  private final Authorizer authorizer;

  /** The events of {@code trail}. */
  public CloudTrailService(Trail trail, String accountId, String region, Authorizer authorizer) {
    this.trail = trail;
    this.accountId = accountId;
    this.region = region;
    this.authorizer = authorizer;
  }

  @Override
  public String signingName() {
    return "cloudtrail";
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return exchange.header("x-amz-target").orElse("").contains("CloudTrail");
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    String target = exchange.header("x-amz-target").orElse("");
    String action = target.substring(target.lastIndexOf('.') + 1);
    if (!Permission.isGranted(authorizer, caller, exchange, "cloudtrail:LookupEvents", "*")) {
      throw new ServiceError(
          400,
          "AccessDeniedException",
          "User: " + caller.arn() + " is not authorized to perform: cloudtrail:LookupEvents");
    }
    return switch (action) {
      case "LookupEvents" -> lookup(exchange);
      case "ListEvents" -> lines();
      default ->
          throw new ServiceError(
              400, "UnknownOperationException", "There is no operation '" + action + "'.");
    };
  }

  private Reply lookup(Exchange exchange) throws ServiceError {
    ObjectNode out = JSON.createObjectNode();
    ArrayNode list = out.putArray("Events");
    for (ClientEvent event : trail.latest(most(exchange))) {
      ObjectNode one = list.addObject();
      one.put("EventId", event.id());
      one.put("EventName", event.name());
      one.put("ReadOnly", "true");
      one.put("EventTime", event.time().getEpochSecond());
      one.put("EventSource", "elasticfilesystem.amazonaws.com");
      event.caller().ifPresent(it -> one.put("Username", it.arn()));
      one.put("CloudTrailEvent", json(event).toString());
    }
    return Reply.of(200, JSON_TYPE, out.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static int most(Exchange exchange) throws ServiceError {
    try {
      JsonNode body =
          exchange.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(exchange.body());
      return Math.clamp(body.path("MaxResults").asInt(PAGE), 1, PAGE);
    } catch (JacksonException e) {
      throw ServiceError.serialization("The body is not JSON.");
    }
  }

  private Reply lines() {
    StringBuilder text = new StringBuilder();
    for (ClientEvent event : trail.latest(Trail.EVENTS).reversed()) {
      text.append(json(event)).append('\n');
    }
    return Reply.of(200, LINES_TYPE, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode json(ClientEvent event) {
    ObjectNode out = JSON.createObjectNode();
    out.put("eventVersion", "1.08");
    ObjectNode who = out.putObject("userIdentity");
    who.put("type", event.caller().isPresent() ? "IAMUser" : "Unknown");
    event
        .caller()
        .ifPresent(it ->
            who.put("principalId", it.accessKeyId())
                .put("arn", it.arn())
                .put("accountId", it.accountId()));
    out.put("eventTime", event.time().truncatedTo(ChronoUnit.SECONDS).toString());
    out.put("eventSource", "elasticfilesystem.amazonaws.com");
    out.put("eventName", event.name());
    out.put("awsRegion", region);
    out.put("sourceIPAddress", event.sourceAddress());
    out.put("userAgent", "elasticfilesystem");
    event.refusal().ifPresent(why -> out.put("errorCode", "AccessDenied").put("errorMessage", why));
    out.put("eventID", event.id());
    out.put("readOnly", true);
    ArrayNode resources = out.putArray("resources");
    resource(resources, "AWS::EFS::FileSystem", event.fileSystemArn());
    event.accessPointArn().ifPresent(arn -> resource(resources, "AWS::EFS::AccessPoint", arn));
    out.put("eventType", "AwsServiceEvent");
    out.put("recipientAccountId", accountId);
    ObjectNode details = out.putObject("serviceEventDetails");
    details
        .putObject("permissions")
        .put("ClientRootAccess", event.root())
        .put("ClientMount", event.mount())
        .put("ClientWrite", event.write());
    details.put("sourceIpAddress", event.sourceAddress());
    return out;
  }

  private void resource(ArrayNode resources, String type, String arn) {
    resources.addObject().put("accountId", accountId).put("type", type).put("ARN", arn);
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    ObjectNode body = JSON.createObjectNode();
    body.put("__type", error.code());
    body.put("Message", error.message());
    return Reply.of(error.status(), JSON_TYPE, body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
