package tidefs.iam;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.iam.AuthenticationRefusal.Reason;

/**
 * Reads the signature of a request ("Signing AWS API requests: Signature Version 4"): from the
 * Authorization header, or from the query of a presigned URL.
 */
public final class SignatureParser {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private SignatureParser() {}

  /**
   * The signature of a request.
   *
   * @throws AuthenticationRefusal if there is none, or if it is not whole
   */
  public static Signature parse(SignedParts request) throws AuthenticationRefusal {
    Optional<String> authorization = request.header("authorization");
    if (authorization.isPresent()) {
      return fromHeader(authorization.get(), request);
    }
    if (request.parameter("X-Amz-Algorithm").isPresent()) {
      return fromQuery(request);
    }
    throw new AuthenticationRefusal(Reason.MISSING, "Missing Authentication Token");
  }

  private static Signature fromHeader(String authorization, SignedParts request)
      throws AuthenticationRefusal {
    String text = authorization.strip();
    if (!text.startsWith(ALGORITHM + " ")) {
      throw incomplete("Authorization header requires the algorithm '" + ALGORITHM + "'.");
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : text.substring(ALGORITHM.length()).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return signature(
        required(parts, "Credential"),
        required(parts, "SignedHeaders"),
        required(parts, "Signature"),
        request.header("x-amz-date").orElse(""),
        request.header("x-amz-security-token"),
        Signature.Form.HEADER);
  }

  private static Signature fromQuery(SignedParts request) throws AuthenticationRefusal {
    Map<String, String> parts = new HashMap<>();
    for (String name :
        List.of("Algorithm", "Credential", "SignedHeaders", "Signature", "Date", "Expires")) {
      request.parameter("X-Amz-" + name).ifPresent(value -> parts.put("X-Amz-" + name, value));
    }
    if (!required(parts, "X-Amz-Algorithm").equals(ALGORITHM)) {
      throw incomplete("AWS query-string parameters require the algorithm '" + ALGORITHM + "'.");
    }
    required(parts, "X-Amz-Expires");
    return signature(
        required(parts, "X-Amz-Credential"),
        required(parts, "X-Amz-SignedHeaders"),
        required(parts, "X-Amz-Signature"),
        required(parts, "X-Amz-Date"),
        request.parameter("X-Amz-Security-Token"),
        Signature.Form.PRESIGNED);
  }

  private static Signature signature(
      String credential,
      String signedHeaders,
      String hex,
      String sentAt,
      Optional<String> sessionToken,
      Signature.Form form)
      throws AuthenticationRefusal {
    String[] parts = credential.split("/", -1);
    int last = parts.length - 1;
    if (parts.length < 5 || !parts[last].equals(CredentialScope.TERMINATOR)) {
      throw incomplete(
          "Credential must have five parts: key id, date, region, service and 'aws4_request'.");
    }
    // A key id may contain slashes; the four parts behind it may not.
    String keyId = String.join("/", Arrays.copyOf(parts, last - 3));
    var scope = new CredentialScope(parts[last - 3], parts[last - 2], parts[last - 1]);
    if (keyId.isEmpty() || scope.region().isEmpty() || scope.service().isEmpty()) {
      throw incomplete("Credential must name a key, a region and a service.");
    }
    List<String> names = List.of(signedHeaders.split(";", -1));
    return new Signature(keyId, scope, names, hex, sentAt, sessionToken, form);
  }

  private static String required(Map<String, String> parts, String name)
      throws AuthenticationRefusal {
    String value = parts.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw incomplete("Authorization requires '" + name + "'.");
    }
    return value;
  }

  private static AuthenticationRefusal incomplete(String message) {
    return new AuthenticationRefusal(Reason.INCOMPLETE, message);
  }
}
