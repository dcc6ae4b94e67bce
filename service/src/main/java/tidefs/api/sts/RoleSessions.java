package tidefs.api.sts;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import tidefs.api.ServiceError;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.iam.Caller;

/** Gives out temporary credentials of roles. */
public interface RoleSessions {
  /** A session of a role for the caller, or a refusal. */
  Session assume(Caller caller, Wanted wanted, Map<String, String> context) throws ServiceError;

  /** A session of a role for whom a token is about, or a refusal. */
  WebSession assume(String webIdentityToken, Wanted wanted, Map<String, String> context)
      throws ServiceError;

  /** The session that is asked for. */
  record Wanted(String roleArn, String sessionName, Duration life) {}

  /** Temporary credentials. */
  record Session(
      String accessKeyId,
      String secretAccessKey,
      String sessionToken,
      Instant expiration,
      String roleId) {}

  /** Temporary credentials, and who vouched for their bearer. */
  record WebSession(Session session, String subject, String provider, String audience) {}

  /**
   * Sessions for a server that checks no signature: anyone may be any role, and the credentials
   * mean as little as all others there.
   */
  static RoleSessions unchecked(Clock clock, Chance chance) {
    return new RoleSessions() {
      @Override
      public Session assume(Caller caller, Wanted wanted, Map<String, String> context) {
        return new Session(
            "ASIA" + token(chance, 8),
            token(chance, 20),
            token(chance, 40),
            clock.now().plus(wanted.life()),
            "AROA" + token(chance, 8));
      }

      @Override
      public WebSession assume(String token, Wanted wanted, Map<String, String> context) {
        Session session = assume(new Caller("", "", ""), wanted, context);
        return new WebSession(session, "anybody", "unchecked", "anything");
      }
    };
  }

  private static String token(Chance chance, int bytes) {
    byte[] random = new byte[bytes];
    chance.fill(random);
    return HexFormat.of().formatHex(random).toUpperCase(Locale.ROOT);
  }
}
