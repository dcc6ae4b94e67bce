package tidefs.iam;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of an HTTP request may be signed. */
public interface SignedParts {
  /** The method, in capitals. */
  String method();

  /** The path, encoded as it was sent. */
  String rawPath();

  /** All headers, by name in lower case, each with its values in their order. */
  Map<String, List<String>> headers();

  /** The decoded parameters of the query, each with its values in their order. */
  Map<String, List<String>> parameters();

  /** The body, not to be changed. */
  byte[] body();

  /** The first value of a header; names are in lower case and match in any case. */
  Optional<String> header(String lowerCaseName);

  /** The first value of a query parameter, decoded. */
  Optional<String> parameter(String name);
}
