package tidefs.iam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WildcardTest {
  @Test
  void wildcardsFitWithoutTryingEveryWay() {
    assertThat(Wildcard.fits("us-east-1a", "us-*-1?")).isTrue();
    assertThat(Wildcard.fits("us-east-1a", "*")).isTrue();
    assertThat(Wildcard.fits("", "*")).isTrue();
    assertThat(Wildcard.fits("abc", "a*d")).isFalse();
    assertThat(Wildcard.fits("abcbd", "a*bd")).isTrue();
    assertThat(Wildcard.fits("a".repeat(1_000), "*a".repeat(500) + "b")).isFalse();
  }
}
