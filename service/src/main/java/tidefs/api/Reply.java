package tidefs.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP reply.
 *
 * @param body owned by this record; empty for a reply without one
 */
public record Reply(int status, Map<String, String> headers, byte[] body) {
  private static final byte[] NOTHING = {};

  /** A reply of a media type. */
  public static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, Map.of("Content-Type", contentType), body);
  }

  /** A reply without a body. */
  public static Reply empty(int status) {
    return new Reply(status, Map.of(), NOTHING);
  }

  /** This reply with one more header. */
  public Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }
}
