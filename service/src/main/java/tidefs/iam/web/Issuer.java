package tidefs.iam.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidefs.base.Clock;

/**
 * Somebody whose tokens are believed: those that it signed for one of our audiences, while they are
 * good. Its keys are read again every few minutes, and when a token names one that is not known.
 */
public final class Issuer {
  private static final Duration KEYS_AGE = Duration.ofMinutes(10);
  private static final Duration KEYS_PAUSE = Duration.ofSeconds(10);

  private final String url;
  private final List<String> audiences;
  private final KeySource source;
  private final Clock clock;
  private @Nullable KeySet keys;
  private Instant readAt = Instant.MIN;

  /** The issuer that calls itself {@code url} in its tokens. */
  public Issuer(String url, List<String> audiences, KeySource source, Clock clock) {
    this.url = url;
    this.audiences = List.copyOf(audiences);
    this.source = source;
    this.clock = clock;
  }

  /** Its name in tokens. */
  public String url() {
    return url;
  }

  /** Its name in ARNs and condition keys. */
  public String provider() {
    return url.replaceFirst("^https?://", "");
  }

  /** Whom a token of this issuer is about. */
  WebIdentity identity(Token token) throws TokenRefusal {
    KeySet known = keys(token.keyId());
    byte[] content = token.content().getBytes(StandardCharsets.US_ASCII);
    if (!known.verifies(token.keyId(), token.algorithm(), content, token.signature())) {
      throw new TokenRefusal(
          TokenRefusal.Reason.INVALID, "Couldn't verify the signature of the token");
    }
    Instant now = clock.now();
    Optional<Instant> expiry = token.time("exp");
    if (expiry.isEmpty() || !now.isBefore(expiry.get())) {
      throw new TokenRefusal(
          TokenRefusal.Reason.EXPIRED,
          "Token expired: current date/time "
              + now.getEpochSecond()
              + " must be before the expiration date/time "
              + expiry.map(it -> Long.toString(it.getEpochSecond())).orElse("(none)"));
    }
    if (token.time("nbf").filter(now::isBefore).isPresent()) {
      throw new TokenRefusal(TokenRefusal.Reason.INVALID, "The token is not good yet");
    }
    Optional<String> audience = token.texts("aud").stream().filter(audiences::contains).findFirst();
    if (audience.isEmpty()) {
      throw new TokenRefusal(TokenRefusal.Reason.INVALID, "Incorrect token audience");
    }
    String subject = token.text("sub").orElse("");
    if (subject.isEmpty()) {
      throw new TokenRefusal(TokenRefusal.Reason.INVALID, "The token has no subject");
    }
    return new WebIdentity(provider(), subject, audience.get());
  }

  private synchronized KeySet keys(String id) throws TokenRefusal {
    KeySet known = keys;
    Instant now = clock.now();
    boolean old = readAt.equals(Instant.MIN) || now.isAfter(readAt.plus(KEYS_AGE));
    boolean unknown = known == null || !known.has(id);
    if (old || (unknown && now.isAfter(readAt.plus(KEYS_PAUSE)))) {
      try {
        known = KeySet.parse(source.read());
        keys = known;
        readAt = now;
      } catch (IOException | IllegalArgumentException e) {
        if (unknown) {
          throw new TokenRefusal(
              TokenRefusal.Reason.NO_KEYS, "Couldn't retrieve the keys of " + url);
        }
      }
    }
    if (known == null) {
      throw new TokenRefusal(TokenRefusal.Reason.NO_KEYS, "Couldn't retrieve the keys of " + url);
    }
    return known;
  }
}
