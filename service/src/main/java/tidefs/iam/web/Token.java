package tidefs.iam.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON web token in its compact form (RFC 7515 §7.1, RFC 7519), read but not believed.
 *
 * @param keyId empty if the token names none
 * @param content what was signed
 */
record Token(
    KeySet.Algorithm algorithm, String keyId, String content, byte[] signature, JsonNode claims) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_CHARACTERS = 20_000;

  static Token parse(String text) throws TokenRefusal {
    String[] parts = text.length() > MOST_CHARACTERS ? new String[0] : text.split("\\.", -1);
    if (parts.length != 3) {
      throw malformed();
    }
    try {
      Base64.Decoder decoder = Base64.getUrlDecoder();
      JsonNode header = JSON.readTree(decoder.decode(parts[0]));
      JsonNode claims = JSON.readTree(decoder.decode(parts[1]));
      KeySet.Algorithm algorithm =
          switch (header.path("alg").asString("")) {
            case "RS256" -> KeySet.Algorithm.RS256;
            case "ES256" -> KeySet.Algorithm.ES256;
            default ->
                throw new TokenRefusal(
                    TokenRefusal.Reason.INVALID,
                    "The token is signed with neither RS256 nor ES256");
          };
      if (!claims.isObject() || header.has("crit")) {
        throw malformed();
      }
      return new Token(
          algorithm,
          header.path("kid").asString(""),
          parts[0] + "." + parts[1],
          decoder.decode(parts[2]),
          claims);
    } catch (IllegalArgumentException | JacksonException e) {
      throw malformed();
    }
  }

  private static TokenRefusal malformed() {
    return new TokenRefusal(
        TokenRefusal.Reason.INVALID,
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access"
            + " Token)");
  }

  Optional<String> text(String claim) {
    return claims.path(claim).asStringOpt();
  }

  /** A claim that is a text or a list of texts. */
  List<String> texts(String claim) {
    List<String> found = new ArrayList<>();
    JsonNode node = claims.path(claim);
    for (JsonNode each : node.isArray() ? node : List.of(node)) {
      each.asStringOpt().ifPresent(found::add);
    }
    return found;
  }

  /** A claim that is a time (RFC 7519 §2, NumericDate). */
  Optional<Instant> time(String claim) {
    JsonNode node = claims.path(claim);
    return node.isNumber()
        ? Optional.of(Instant.ofEpochMilli((long) (node.asDouble() * 1_000)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "Token[" + content.getBytes(StandardCharsets.US_ASCII).length + " bytes]";
  }
}
