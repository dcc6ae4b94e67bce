package tidefs.iam;

import java.util.regex.Pattern;
import tidefs.iam.AuthenticationRefusal.Reason;

/**
 * Believes every signature. Since a signature is then no secret, any web page could have a browser
 * on this machine send requests; they are told by the header Origin, or by a host name that is not
 * this machine's own (a name of the page's, bound to a loopback address).
 */
record AnySignature(String accountId) implements RequestAuthenticator {
  private static final Pattern OWN_HOST =
      Pattern.compile(
          "([a-z0-9.-]+\\.)?localhost(:\\d+)?|127(\\.\\d+){3}(:\\d+)?|\\[::1](:\\d+)?",
          Pattern.CASE_INSENSITIVE);

  @Override
  public Caller authenticate(SignedParts request, Signature signature)
      throws AuthenticationRefusal {
    String host = request.header("host").orElse("");
    if (request.header("origin").isPresent() || !OWN_HOST.matcher(host).matches()) {
      throw new AuthenticationRefusal(
          Reason.UNAVAILABLE,
          "This server does not check signatures, and so answers only requests that are sent to"
              + " localhost or a loopback address, and none of web pages.");
    }
    return new Caller(accountId, "arn:aws:iam::" + accountId + ":root", signature.accessKeyId());
  }
}
