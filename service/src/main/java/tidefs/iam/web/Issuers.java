package tidefs.iam.web;

import java.util.List;
import java.util.Optional;

/** All whose tokens are believed. */
public final class Issuers {
  /** Nobody. */
  public static final Issuers NONE = new Issuers(List.of());

  private final List<Issuer> issuers;

  /** These. */
  public Issuers(List<Issuer> issuers) {
    this.issuers = List.copyOf(issuers);
  }

  /** Whom a token is about. May take its time, when keys are to be read. */
  public WebIdentity identity(String text) throws TokenRefusal {
    Token token = Token.parse(text);
    String name = token.text("iss").orElse("");
    Optional<Issuer> issuer = issuers.stream().filter(it -> it.url().equals(name)).findFirst();
    if (issuer.isEmpty()) {
      throw new TokenRefusal(
          TokenRefusal.Reason.INVALID,
          "No OpenIDConnect provider found in your account for " + name);
    }
    return issuer.get().identity(token);
  }
}
