package tidefs.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CorkTest {
  @Test
  void whatIsHeldBackRunsOnceWhenTheCorkIsPulled() {
    AtomicInteger one = new AtomicInteger();
    AtomicInteger two = new AtomicInteger();
    Runnable first = one::incrementAndGet;
    Runnable second = two::incrementAndGet;
    Cork.put();
    assertThat(Cork.hold(first)).isTrue();
    assertThat(Cork.hold(second)).isTrue();
    assertThat(Cork.hold(first)).isTrue();
    assertThat(one).hasValue(0);
    Cork.pull();
    assertThat(one).hasValue(1);
    assertThat(two).hasValue(1);
    Cork.pull();
    assertThat(one).hasValue(1);
  }

  @Test
  void withoutTheCorkNothingIsHeldBack() {
    assertThat(Cork.hold(() -> {})).isFalse();
    Cork.put();
    Cork.pull();
    assertThat(Cork.hold(() -> {})).isFalse();
  }
}
