package tidefs.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tidefs.iam.SignedParts;

/**
 * An HTTP request that has been read whole, free of the HTTP library. The path is as it came, so
 * that an encoded slash is not taken for a separator.
 *
 * @param remoteAddress of the client, as a literal
 * @param headers by name in lower case
 * @param body owned by this record; not modified by anyone
 */
public record Exchange(
    String remoteAddress,
    String method,
    String rawPath,
    Parameters query,
    Map<String, List<String>> headers,
    byte[] body,
    String requestId)
    implements SignedParts {
  @Override
  public Optional<String> header(String name) {
    List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  @Override
  public Map<String, List<String>> parameters() {
    return query.all();
  }

  @Override
  public Optional<String> parameter(String name) {
    return query.first(name);
  }
}
