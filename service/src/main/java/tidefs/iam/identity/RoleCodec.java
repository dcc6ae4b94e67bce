package tidefs.iam.identity;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Roles as bytes: JSON with its format's number. */
final class RoleCodec {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FORMAT = 1;

  private RoleCodec() {}

  static byte[] encode(Role role) {
    ObjectNode out = JSON.createObjectNode().put("format", FORMAT).put("id", role.id());
    out.put("created", role.created().toEpochMilli());
    out.put("trust", role.trust());
    out.put("longestSessionSeconds", role.longestSession().toSeconds());
    ObjectNode inline = out.putObject("inline");
    role.inline().forEach(inline::put);
    ArrayNode attached = out.putArray("attached");
    role.attached().forEach(attached::add);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Role decode(String name, byte[] encoded) {
    JsonNode in = JSON.readTree(encoded);
    if (in.path("format").asInt() != FORMAT) {
      throw new IllegalStateException(
          "role '" + name + "' is kept in format " + in.path("format") + ", not known here");
    }
    TreeMap<String, String> inline = new TreeMap<>();
    in.path("inline").properties().forEach(it -> inline.put(it.getKey(), it.getValue().asString()));
    TreeSet<String> attached = new TreeSet<>();
    in.path("attached").forEach(it -> attached.add(it.asString()));
    return new Role(
        name,
        in.path("id").asString(),
        Instant.ofEpochMilli(in.path("created").asLong()),
        in.path("trust").asString(),
        Duration.ofSeconds(in.path("longestSessionSeconds").asLong()),
        inline,
        attached);
  }
}
