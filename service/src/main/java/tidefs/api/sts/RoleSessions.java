package tidefs.api.sts;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import tidefs.api.ServiceError;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.iam.Caller;

/** Gives out temporary credentials of roles. */
@FunctionalInterface
public interface RoleSessions {
  /** A session of {@code roleArn} for the caller, or a refusal. */
  Session assume(Caller caller, String roleArn, String name, Duration life) throws ServiceError;

  /** Temporary credentials. */
  record Session(
      String accessKeyId,
      String secretAccessKey,
      String sessionToken,
      Instant expiration,
      String roleId) {}

  /**
   * Sessions for a server that checks no signature: anyone may be any role, and the credentials
   * mean as little as all others there.
   */
  static RoleSessions unchecked(Clock clock, Chance chance) {
    return (_, _, _, life) ->
        new Session(
            "ASIA" + token(chance, 8),
            token(chance, 20),
            token(chance, 40),
            clock.now().plus(life),
            "AROA" + token(chance, 8));
  }

  /** No sessions at all, told as {@code why}. */
  static RoleSessions none(String why) {
    return (_, _, _, _) -> {
      throw new ServiceError(403, "AccessDenied", why);
    };
  }

  private static String token(Chance chance, int bytes) {
    byte[] random = new byte[bytes];
    chance.fill(random);
    return HexFormat.of().formatHex(random).toUpperCase(Locale.ROOT);
  }
}
