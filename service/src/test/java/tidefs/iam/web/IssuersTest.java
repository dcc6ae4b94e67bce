package tidefs.iam.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tidefs.iam.web.TokenRefusal.Reason;
import tidefs.testkit.ManualClock;
import tidefs.testkit.TokenWriter;

class IssuersTest {
  private static final String URL = "https://tokens.example.org/id/1";

  private final ManualClock clock = new ManualClock();
  private final TokenWriter rsa = TokenWriter.rs256("a");
  private final TokenWriter ec = TokenWriter.es256("b");
  private final AtomicInteger reads = new AtomicInteger();
  private volatile String keys = TokenWriter.keySet(rsa, ec);
  private final Issuers issuers =
      new Issuers(
          List.of(
              new Issuer(
                  URL,
                  List.of("sts.amazonaws.com", "tidefs"),
                  () -> {
                    reads.incrementAndGet();
                    if (keys.isEmpty()) {
                      throw new IOException("away");
                    }
                    return keys;
                  },
                  clock)));

  private String token(TokenWriter by, String issuer, String audience, Duration life) {
    return by.token(issuer, "system:serviceaccount:ns:name", audience, clock.now().plus(life));
  }

  private String good(TokenWriter by) {
    return token(by, URL, "tidefs", Duration.ofMinutes(5));
  }

  private void assertRefused(String token, Reason reason) {
    assertThatExceptionOfType(TokenRefusal.class)
        .isThrownBy(() -> issuers.identity(token))
        .satisfies(it -> assertThat(it.reason()).as(it.message()).isEqualTo(reason));
  }

  @Test
  void tokensOfBothAlgorithmsAreBelieved() throws TokenRefusal {
    WebIdentity expected =
        new WebIdentity("tokens.example.org/id/1", "system:serviceaccount:ns:name", "tidefs");
    assertThat(issuers.identity(good(rsa))).isEqualTo(expected);
    assertThat(issuers.identity(good(ec))).isEqualTo(expected);
    assertThat(reads).hasValue(1);
  }

  @Test
  void everyClaimThatCountsIsChecked() {
    assertRefused(token(rsa, URL, "other", Duration.ofMinutes(5)), Reason.INVALID);
    assertRefused(token(rsa, URL + "x", "tidefs", Duration.ofMinutes(5)), Reason.INVALID);
    assertRefused(token(rsa, URL, "tidefs", Duration.ZERO), Reason.EXPIRED);
    assertRefused(rsa.token(URL, "", "tidefs", clock.now().plusSeconds(9)), Reason.INVALID);
  }

  @Test
  void aTokenThatWasTamperedWithIsNotBelieved() {
    String[] parts = good(rsa).split("\\.");
    String[] other = token(rsa, URL, "sts.amazonaws.com", Duration.ofHours(9)).split("\\.");
    assertRefused(parts[0] + "." + other[1] + "." + parts[2], Reason.INVALID);
    assertRefused(parts[0] + "." + parts[1] + ".", Reason.INVALID);
    assertRefused(parts[0] + "." + parts[1], Reason.INVALID);
    assertRefused(good(TokenWriter.rs256("a")), Reason.INVALID);
    assertRefused(good(TokenWriter.es256("a")), Reason.INVALID);
    assertRefused(rsa.unsigned(good(rsa)), Reason.INVALID);
    assertRefused("x".repeat(100_000), Reason.INVALID);
  }

  @Test
  void aKeyThatIsNewIsReadAndAnOldOneForgotten() throws TokenRefusal {
    assertThat(issuers.identity(good(rsa)).audience()).isEqualTo("tidefs");
    TokenWriter next = TokenWriter.rs256("c");
    keys = TokenWriter.keySet(next);
    clock.advance(Duration.ofSeconds(30));
    assertThat(issuers.identity(good(next)).audience()).isEqualTo("tidefs");
    assertRefused(good(rsa), Reason.INVALID);
  }

  @Test
  void whoeverGuessesKeyIdsDoesNotMakeUsAskTheIssuerEachTime() {
    for (int i = 0; i < 20; i++) {
      assertRefused(good(TokenWriter.es256("guess" + i)), Reason.INVALID);
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void keysOutliveAnIssuerThatIsAwayForAWhile() throws TokenRefusal {
    assertThat(issuers.identity(good(rsa)).audience()).isEqualTo("tidefs");
    keys = "";
    clock.advance(Duration.ofHours(1));
    assertThat(issuers.identity(good(rsa)).audience()).isEqualTo("tidefs");
    assertRefused(good(TokenWriter.rs256("new")), Reason.NO_KEYS);
  }
}
