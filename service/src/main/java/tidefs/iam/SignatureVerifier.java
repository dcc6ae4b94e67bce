package tidefs.iam;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tidefs.base.Clock;
import tidefs.iam.AuthenticationRefusal.Reason;

/**
 * Believes a request whose Signature Version 4 it can make again from the secret of the key that is
 * named ("Create a signed AWS API request"; "Troubleshoot Signature Version 4 signing").
 *
 * <p>The times of sender and server may differ by five minutes; a presigned request is good for as
 * long as it says, a week at the most. A body must be the one whose hash was signed, with one
 * exception: some SDKs sign an empty JSON object as the body of a GET, with its length, and send
 * neither; so on GET the signed hash is believed when no body came, and the length taken for
 * theirs.
 */
public final class SignatureVerifier implements RequestAuthenticator {
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final long MOST_EXPIRES_SECONDS = 604_800;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String CONTENT_HASH = "x-amz-content-sha256";
  private static final String CONTENT_LENGTH = "content-length";

  /** The length of <code>{}</code>. */
  private static final List<String> UNSENT_LENGTH = List.of("2");

  private final KeyRing keys;
  private final Clock clock;

  /** A verifier of signatures made with {@code keys}. */
  public SignatureVerifier(KeyRing keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Caller authenticate(SignedParts request, Signature signature)
      throws AuthenticationRefusal {
    String time = checkedTime(request, signature);
    if (!signature.signedHeaders().contains("host")) {
      throw invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
    }
    Credential credential = credential(signature);
    String expected =
        SigV4.sign(
            credential.secretAccessKey(),
            signature.scope(),
            time,
            canonicalRequest(request, signature));
    if (!SigV4.equal(expected, signature.hex())) {
      throw invalid(
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
    checkBody(request, signature);
    return credential.caller();
  }

  private Credential credential(Signature signature) throws AuthenticationRefusal {
    Optional<Credential> found = keys.find(signature.accessKeyId(), signature.sessionToken());
    Credential credential =
        found.orElseThrow(() ->
            new AuthenticationRefusal(
                Reason.UNKNOWN_KEY, "The security token included in the request is invalid."));
    checkSession(credential, signature.sessionToken(), clock.now());
    return credential;
  }

  /** Refuses a session token that does not belong to the credential, or one that has expired. */
  static void checkSession(Credential credential, Optional<String> token, Instant now)
      throws AuthenticationRefusal {
    Optional<Credential.Session> session = credential.session();
    if (session.isPresent() != token.isPresent()
        || (session.isPresent() && !SigV4.equal(session.get().token(), token.orElse("")))) {
      throw new AuthenticationRefusal(
          Reason.UNKNOWN_KEY, "The security token included in the request is invalid.");
    }
    if (session.isPresent() && !now.isBefore(session.get().expiry())) {
      throw new AuthenticationRefusal(
          Reason.EXPIRED_TOKEN, "The security token included in the request is expired");
    }
  }

  /** The time that was signed, once it is one at which the request may be sent. */
  private String checkedTime(SignedParts request, Signature signature)
      throws AuthenticationRefusal {
    String text = signature.sentAt();
    if (text.isEmpty()) {
      text = httpDate(request);
    }
    Instant sent;
    try {
      sent = TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      throw new AuthenticationRefusal(
          Reason.INCOMPLETE,
          "Date must be in ISO-8601 'basic format'. Got '"
              + text
              + "'. See http://en.wikipedia.org/wiki/ISO_8601");
    }
    if (!text.startsWith(signature.scope().date()) || signature.scope().date().length() != 8) {
      throw invalid(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
              + " HTTP: '"
              + signature.scope().date()
              + "' != '"
              + text.substring(0, 8)
              + "', from '"
              + text
              + "'.");
    }
    Instant now = clock.now();
    if (sent.isAfter(now.plus(SKEW))) {
      throw invalid(
          "Signature not yet current: "
              + text
              + " is still later than "
              + TIME.format(now.plus(SKEW))
              + " ("
              + TIME.format(now)
              + " + 5 min.)");
    }
    Duration good = good(request, signature);
    if (sent.isBefore(now.minus(good))) {
      throw invalid(
          "Signature expired: "
              + text
              + " is now earlier than "
              + TIME.format(now.minus(good))
              + " ("
              + TIME.format(now)
              + " - "
              + (good.toSeconds() % 60 == 0
                  ? good.toMinutes() + " min.)"
                  : good.toSeconds() + " sec.)"));
    }
    return text;
  }

  /** How long the signature is good for. */
  private static Duration good(SignedParts request, Signature signature)
      throws AuthenticationRefusal {
    if (signature.form() == Signature.Form.HEADER) {
      return SKEW;
    }
    String text = request.parameter("X-Amz-Expires").orElse("");
    if (text.matches("[0-9]{1,9}") && Long.parseLong(text) <= MOST_EXPIRES_SECONDS) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    throw new AuthenticationRefusal(
        Reason.INCOMPLETE, "X-Amz-Expires must be a number of seconds, at most a week: 604800.");
  }

  /** A signer may send the time as a Date header alone. */
  private static String httpDate(SignedParts request) throws AuthenticationRefusal {
    String date = request.header("date").orElse("");
    try {
      return date.matches("[0-9]{8}T[0-9]{6}Z")
          ? date
          : TIME.format(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      throw new AuthenticationRefusal(
          Reason.INCOMPLETE,
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
    }
  }

  private static String canonicalRequest(SignedParts request, Signature signature)
      throws AuthenticationRefusal {
    StringBuilder headers = new StringBuilder();
    Map<String, List<String>> sent = request.headers();
    for (String name : signature.signedHeaders()) {
      List<String> values = sent.get(name);
      if (values == null && name.equals(CONTENT_LENGTH) && lacksBody(request, signature)) {
        values = UNSENT_LENGTH;
      }
      if (values == null) {
        throw invalid("The signed header '" + name + "' was not sent.");
      }
      headers.append(name).append(':').append(SigV4.canonicalValue(values)).append('\n');
    }
    String without = signature.form() == Signature.Form.PRESIGNED ? "X-Amz-Signature" : "";
    return String.join(
        "\n",
        request.method(),
        SigV4.canonicalPath(request.rawPath()),
        SigV4.canonicalQuery(request.parameters(), without),
        headers.toString(),
        String.join(";", signature.signedHeaders()),
        contentHash(request));
  }

  private static String contentHash(SignedParts request) {
    return request.header(CONTENT_HASH).orElseGet(() -> SigV4.hash(request.body()));
  }

  private static void checkBody(SignedParts request, Signature signature)
      throws AuthenticationRefusal {
    Optional<String> claimed = request.header(CONTENT_HASH);
    if (claimed.isPresent()
        && !lacksBody(request, signature)
        && !SigV4.equal(claimed.get(), SigV4.hash(request.body()))) {
      throw invalid("The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
  }

  /** Whether this may be a GET whose signed body was not sent. */
  private static boolean lacksBody(SignedParts request, Signature signature) {
    return request.body().length == 0
        && request.method().equals("GET")
        && signature.form() == Signature.Form.HEADER;
  }

  private static AuthenticationRefusal invalid(String message) {
    return new AuthenticationRefusal(Reason.INVALID, message);
  }
}
