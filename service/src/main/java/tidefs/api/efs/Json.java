package tidefs.api.efs;

import java.math.BigDecimal;
import java.time.Instant;
import tidefs.api.Limits;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON bodies, within limits. */
final class Json {
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
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /** A new object to fill. */
  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The object in a request's body; an empty body is an empty object. */
  static ObjectNode parse(byte[] body) throws ServiceError {
    if (body.length == 0) {
      return object();
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw ServiceError.serialization("The request's body is not well-formed JSON.");
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ServiceError.serialization("The request's body is not a JSON object.");
  }

  static Reply reply(int status, ObjectNode body) {
    return Reply.of(status, "application/json", MAPPER.writeValueAsBytes(body));
  }

  /** A timestamp in the form of restJson1: seconds since 1970 with milliseconds as fraction. */
  static BigDecimal seconds(Instant instant) {
    return BigDecimal.valueOf(instant.toEpochMilli(), 3);
  }
}
