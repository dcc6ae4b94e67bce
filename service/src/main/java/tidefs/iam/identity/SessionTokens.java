package tidefs.iam.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tidefs.base.Chance;
import tidefs.iam.Caller;
import tidefs.iam.Credential;

/**
 * Temporary credentials, which nobody keeps: the session token holds, encrypted, all there is to
 * know of them. So they survive a restart and cost no memory.
 */
final class SessionTokens {
  private static final String PREFIX = "ASIA";
  private static final int MEMBERS = 4;

  private final Seal seal;
  private final KeyMaker maker;

  SessionTokens(Seal seal, Chance chance) {
    this.seal = seal;
    maker = new KeyMaker(chance);
  }

  /** New credentials of a caller, good until {@code now} and {@code validity} later. */
  Credential issue(Caller caller, Instant now, Duration validity) {
    String id = maker.id(PREFIX);
    String secret = maker.secret();
    Instant expiry = now.plus(validity);
    String content =
        String.join(
            "\n", secret, caller.accountId(), caller.arn(), Long.toString(expiry.getEpochSecond()));
    String token = Base64.getEncoder().encodeToString(seal.close(label(id), content));
    return credential(id, secret, caller.accountId(), caller.arn(), expiry, token);
  }

  /** The credential in a token, if the token is one of ours for this key. */
  Optional<Credential> find(String accessKeyId, String token) {
    byte[] sealed;
    try {
      sealed = Base64.getDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return seal.open(label(accessKeyId), sealed)
        .map(content -> content.split("\n", -1))
        .filter(parts -> parts.length == MEMBERS)
        .map(parts ->
            credential(
                accessKeyId,
                parts[0],
                parts[1],
                parts[2],
                Instant.ofEpochSecond(Long.parseLong(parts[3])),
                token));
  }

  private static Credential credential(
      String id, String secret, String account, String arn, Instant expiry, String token) {
    return new Credential(
        id,
        secret,
        new Caller(account, arn, id),
        Optional.of(new Credential.Session(token, expiry)));
  }

  private static String label(String accessKeyId) {
    return "session " + accessKeyId;
  }
}
