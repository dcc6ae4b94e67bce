package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AppendsTest {
  private final Durability durability = new Durability(10);
  private final Appends appends = new Appends(durability);

  @Test
  void whatEndsBeforeAnEarlierAppendBecomesDurableWithIt() {
    Appends.Append first = appends.begin(12);
    Appends.Append second = appends.begin(15);
    boolean[] told = new boolean[1];
    durability.whenDurable(13, durable -> told[0] = durable);
    appends.end(second);
    assertThat(durability.durable()).isEqualTo(10);
    assertThat(told[0]).isFalse();
    appends.end(first);
    assertThat(durability.durable()).isEqualTo(15);
    assertThat(told[0]).isTrue();
    assertThat(appends.awaitNone()).isTrue();
  }

  @Test
  void nothingBecomesDurableAfterAnAppendThatFailed() {
    Appends.Append _ = appends.begin(12);
    Appends.Append second = appends.begin(15);
    appends.fail();
    appends.end(second);
    assertThat(durability.durable()).isEqualTo(10);
    assertThat(appends.hasFailed()).isTrue();
    assertThat(appends.awaitNone()).isFalse();
  }
}
