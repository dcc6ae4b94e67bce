package tidefs.iam;

import java.util.Optional;

/** What of an HTTP request may be signed. */
public interface SignedParts {
  /** The first value of a header; names are in lower case and match in any case. */
  Optional<String> header(String lowerCaseName);

  /** The first value of a query parameter, decoded. */
  Optional<String> parameter(String name);
}
