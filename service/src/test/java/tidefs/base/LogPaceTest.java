package tidefs.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ManualClock;

class LogPaceTest {
  @Test
  void oneMessageASecondPassesAndTellsHowManyDidNot() {
    ManualClock clock = new ManualClock();
    LogPace pace = new LogPace(clock);
    assertThat(pace.pass()).hasValue(0);
    assertThat(pace.pass()).isEmpty();
    clock.advance(Duration.ofMillis(999));
    assertThat(pace.pass()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(pace.pass()).hasValue(2);
    clock.advance(Duration.ofSeconds(2));
    assertThat(pace.pass()).hasValue(0);
  }
}
