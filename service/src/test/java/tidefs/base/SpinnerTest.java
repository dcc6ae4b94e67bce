package tidefs.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SpinnerTest {
  private static final long LONG_NANOS = 60_000_000_000L;

  @Test
  void itLooksUntilThereIsSomething() {
    AtomicInteger looks = new AtomicInteger();
    Spinner spinner = new Spinner(LONG_NANOS, () -> true);
    assertThat(spinner.await(() -> looks.incrementAndGet() == 100)).isTrue();
    assertThat(looks).hasValue(100);
  }

  @Test
  void itSleepsWhereNoProcessorIsIdle() {
    Spinner spinner = new Spinner(LONG_NANOS, () -> false);
    AtomicInteger looks = new AtomicInteger();
    assertThat(spinner.await(() -> looks.incrementAndGet() > 0)).isFalse();
    assertThat(looks).hasValue(0);
  }

  @Test
  void itPausesWhereSpinningIsInVainAndGoesOnAfterwards() {
    Spinner spinner = new Spinner(1, () -> true);
    AtomicInteger looks = new AtomicInteger();
    int rounds = 1_000;
    for (int i = 0; i < rounds; i++) {
      assertThat(spinner.await(() -> looks.incrementAndGet() < 0)).isFalse();
    }
    int most = rounds / 10;
    assertThat(looks.get()).isBetween(rounds / 50, most * 5); // A few looks in each round of spins.
    assertThat(new Spinner(LONG_NANOS, () -> true).await(() -> true)).isTrue();
  }
}
