package tidefs.iam.web;

import java.io.IOException;

/** Where the keys of an issuer come from. */
@FunctionalInterface
public interface KeySource {
  /** The key set (RFC 7517 §5) as it is now; may take its time. */
  String read() throws IOException;
}
