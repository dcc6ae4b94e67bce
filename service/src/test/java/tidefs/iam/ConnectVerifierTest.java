package tidefs.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tidefs.iam.AuthenticationRefusal.Reason;

/** Signatures that efs-utils 3.2.0 has made. */
class ConnectVerifierTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String KEY_HASH = "9f36543d00112233445566778899aabbccddeeff";
  private static final String FILE_SYSTEM = "fs-0123456789abcdef0";
  private static final Instant SIGNED = Instant.parse("2026-11-22T08:00:00Z");
  private static final String LONG_TERM =
      "87ff58850338299aac2e9f19414375cbf0513fc51adb59794a4d7bb76f74ccfe";
  private static final String WITH_TOKEN =
      "45928b660e7d86134e1b8b2d9b89417b35d40e99d4ad9cab43ddd1a42108673f";
  private static final Caller ALICE = new Caller("1", "arn:aws:iam::1:user/alice", "AKIDEXAMPLE");

  private final ConnectVerifier verifier =
      new ConnectVerifier(
          (id, token) ->
              id.equals("AKIDEXAMPLE")
                  ? Optional.of(
                      new Credential(
                          id,
                          SECRET,
                          ALICE,
                          token.map(_ ->
                              new Credential.Session("TOKEN/+=123", SIGNED.plusSeconds(3600)))))
                  : Optional.empty(),
          "us-east-1");

  private Caller verify(
      String key, String hex, Optional<String> token, String keyHash, String fs, Duration later)
      throws AuthenticationRefusal {
    return verifier.verify(key, hex, SIGNED, token, keyHash, fs, SIGNED.plus(later));
  }

  private void assertRefused(
      Reason reason, String key, String hex, String keyHash, String fs, Duration later) {
    assertThatExceptionOfType(AuthenticationRefusal.class)
        .isThrownBy(() -> verify(key, hex, Optional.empty(), keyHash, fs, later))
        .satisfies(it -> assertThat(it.reason()).isEqualTo(reason));
  }

  @Test
  void signaturesOfLongTermAndTemporaryCredentialsAreBelieved() throws AuthenticationRefusal {
    assertThat(
            verify(
                "AKIDEXAMPLE", LONG_TERM, Optional.empty(), KEY_HASH, FILE_SYSTEM, Duration.ZERO))
        .isEqualTo(ALICE);
    assertThat(
            verify(
                "AKIDEXAMPLE",
                WITH_TOKEN,
                Optional.of("TOKEN/+=123"),
                KEY_HASH,
                FILE_SYSTEM,
                Duration.ofMinutes(59)))
        .isEqualTo(ALICE);
  }

  @Test
  void theyAreGoodForADayForOneKeyAndOneFileSystem() {
    Duration now = Duration.ZERO;
    String id = "AKIDEXAMPLE";
    assertRefused(Reason.INVALID, id, LONG_TERM, KEY_HASH, FILE_SYSTEM, Duration.ofDays(1));
    assertRefused(Reason.INVALID, id, LONG_TERM, KEY_HASH, FILE_SYSTEM, Duration.ofMinutes(-6));
    assertRefused(Reason.INVALID, id, LONG_TERM, "00" + KEY_HASH.substring(2), FILE_SYSTEM, now);
    assertRefused(Reason.INVALID, id, LONG_TERM, KEY_HASH, "fs-0123456789abcdef1", now);
    assertRefused(Reason.INVALID, id, WITH_TOKEN, KEY_HASH, FILE_SYSTEM, now);
    assertRefused(Reason.UNKNOWN_KEY, "AKIDGONE", LONG_TERM, KEY_HASH, FILE_SYSTEM, now);
  }
}
