package tidefs.api.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tidefs.api.Exchange;
import tidefs.api.Limits;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * AWS JSON 1.0: the operation in the header X-Amz-Target, the rest in a JSON object.
 *
 * @param targetPrefix what comes before the operation, up to the dot
 */
public record JsonProtocol(String targetPrefix) implements Protocol {
  private static final String JSON = "application/x-amz-json-1.0";
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Limits.JSON_DEPTH)
                          .maxNumberLength(Limits.JSON_NUMBER_DIGITS)
                          .maxStringLength(Limits.BODY_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Override
  public boolean carries(Exchange exchange) {
    return exchange.header("x-amz-target").orElse("").startsWith(targetPrefix + ".");
  }

  @Override
  public Call decode(Exchange exchange) throws ServiceError {
    String operation =
        exchange.header("x-amz-target").orElse("").substring(targetPrefix.length() + 1);
    if (exchange.body().length == 0) {
      return new Call(operation, Structure.EMPTY);
    }
    try {
      if (MAPPER.readTree(exchange.body()) instanceof ObjectNode object) {
        return new Call(operation, structure(object));
      }
    } catch (JacksonException e) {
      throw ServiceError.serialization("The request's body is not well-formed JSON.");
    }
    throw ServiceError.serialization("The request's body is not a JSON object.");
  }

  private static Structure structure(ObjectNode object) throws ServiceError {
    Map<String, Datum> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      if (!each.getValue().isNull()) {
        members.put(each.getKey(), datum(each.getValue()));
      }
    }
    return new Structure(members);
  }

  private static Datum datum(JsonNode node) throws ServiceError {
    if (node instanceof ObjectNode object) {
      return structure(object);
    }
    if (node instanceof ArrayNode array) {
      List<Datum> elements = new ArrayList<>();
      for (JsonNode element : array) {
        elements.add(datum(element));
      }
      return new Datum.Sequence(elements);
    }
    if (node.isString()) {
      return new Datum.Text(node.asString());
    }
    if (node.isBoolean()) {
      return new Datum.Flag(node.asBoolean());
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return new Datum.Whole(node.asLong());
    }
    if (node.isNumber()) {
      return new Datum.Real(node.asDouble());
    }
    throw ServiceError.serialization("A list in the request's body holds null.");
  }

  @Override
  public Reply encode(Call call, Structure output, Exchange exchange) {
    return Reply.of(200, JSON, MAPPER.writeValueAsBytes(node(output)));
  }

  @Override
  public Reply error(ServiceError error, String shape, Exchange exchange) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("__type", shape).put("message", error.message());
    return Reply.of(error.status(), JSON, MAPPER.writeValueAsBytes(body))
        .with("x-amzn-query-error", error.code() + ";" + Protocol.fault(error));
  }

  private static JsonNode node(Datum value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case Datum.Text(String text) -> nodes.stringNode(text);
      case Datum.Whole(long number) -> nodes.numberNode(number);
      case Datum.Real(double number) -> nodes.numberNode(number);
      case Datum.Flag(boolean holds) -> nodes.booleanNode(holds);
      case Datum.Moment(Instant instant) ->
          nodes.numberNode(BigDecimal.valueOf(instant.toEpochMilli(), 3));
      case Datum.Sequence(List<Datum> elements) -> {
        ArrayNode array = nodes.arrayNode();
        elements.forEach(element -> array.add(node(element)));
        yield array;
      }
      case Datum.Entries(Map<String, String> entries) -> {
        ObjectNode object = nodes.objectNode();
        entries.forEach(object::put);
        yield object;
      }
      case Structure(Map<String, Datum> members) -> {
        ObjectNode object = nodes.objectNode();
        members.forEach((name, member) -> object.set(name, node(member)));
        yield object;
      }
    };
  }
}
