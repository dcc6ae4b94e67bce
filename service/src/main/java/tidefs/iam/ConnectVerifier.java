package tidefs.iam;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import tidefs.iam.AuthenticationRefusal.Reason;

/**
 * Verifies the signature by which a {@code mount.efs} client says who it is: a Signature Version 4
 * over the hash of its public key and the file system, good for a day. What is signed differs from
 * a regular canonical request in that no empty line stands before the signed headers.
 */
public final class ConnectVerifier {
  private static final Duration GOOD = Duration.ofDays(1);
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final String SERVICE = "elasticfilesystem";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final KeyRing keys;
  private final String region;

  /** A verifier of signatures made with {@code keys} for a Region. */
  public ConnectVerifier(KeyRing keys, String region) {
    this.keys = keys;
    this.region = region;
  }

  /**
   * Whose signature it is.
   *
   * @param publicKeyHash SHA-1 of the client's public key, in lower-case hexadecimal digits
   * @param fileSystemId what it connects to
   */
  public Caller verify(
      String accessKeyId,
      String hex,
      Instant signedAt,
      Optional<String> sessionToken,
      String publicKeyHash,
      String fileSystemId,
      Instant now)
      throws AuthenticationRefusal {
    if (signedAt.isAfter(now.plus(SKEW)) || !now.isBefore(signedAt.plus(GOOD))) {
      throw new AuthenticationRefusal(Reason.INVALID, "the signature has expired");
    }
    Credential credential =
        keys.find(accessKeyId, sessionToken)
            .orElseThrow(
                () -> new AuthenticationRefusal(Reason.UNKNOWN_KEY, "the access key is unknown"));
    SignatureVerifier.checkSession(credential, sessionToken, now);
    String expected =
        sign(
            accessKeyId,
            credential.secretAccessKey(),
            sessionToken,
            region,
            signedAt,
            publicKeyHash,
            fileSystemId);
    if (!SigV4.equal(expected, hex)) {
      throw new AuthenticationRefusal(Reason.INVALID, "the signature does not match");
    }
    return credential.caller();
  }

  /** The signature that a client makes, in hexadecimal digits. */
  public static String sign(
      String accessKeyId,
      String secretAccessKey,
      Optional<String> sessionToken,
      String region,
      Instant at,
      String publicKeyHash,
      String fileSystemId) {
    String time = TIME.format(at);
    CredentialScope scope = new CredentialScope(time.substring(0, 8), region, SERVICE);
    String canonical =
        canonicalRequest(accessKeyId, scope, time, sessionToken, publicKeyHash, fileSystemId);
    return SigV4.sign(secretAccessKey, scope, time, canonical);
  }

  private static String canonicalRequest(
      String accessKeyId,
      CredentialScope scope,
      String time,
      Optional<String> sessionToken,
      String publicKeyHash,
      String fileSystemId) {
    String query =
        "Action=Connect&PublicKeyHash="
            + publicKeyHash
            + "&X-Amz-Algorithm="
            + SigV4.ALGORITHM
            + "&X-Amz-Credential="
            + SigV4.encode(accessKeyId + "/" + scope)
            + "&X-Amz-Date="
            + time
            + "&X-Amz-Expires="
            + GOOD.toSeconds()
            + sessionToken.map(it -> "&X-Amz-Security-Token=" + SigV4.encode(it)).orElse("")
            + "&X-Amz-SignedHeaders=host";
    return String.join("\n", "GET", "/", query, "host:" + fileSystemId, "host", SigV4.EMPTY_HASH);
  }
}
