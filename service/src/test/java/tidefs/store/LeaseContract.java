package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What every lease does. */
public abstract class LeaseContract {
  /** Another contender for the one lease of this test. */
  protected abstract ShardLease contender();

  @Test
  protected void oneOwnerAtATime() {
    try (ShardLease.Grant grant = contender().acquire()) {
      assertThat(grant.validNow()).isTrue();
      ShardLease other = contender();
      assertThatThrownBy(other::acquire).isInstanceOf(StoreFault.class);
    }
    contender().acquire().close();
  }

  @Test
  protected void everyGrantHasAHigherEpoch() {
    long before = 0;
    for (int i = 0; i < 5; i++) {
      try (ShardLease.Grant grant = contender().acquire()) {
        assertThat(grant.epoch()).isGreaterThan(before);
        before = grant.epoch();
      }
    }
  }
}
