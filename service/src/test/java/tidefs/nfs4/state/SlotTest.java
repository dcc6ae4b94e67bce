package tidefs.nfs4.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.Status;

final class SlotTest {
  private final Slot slot = new Slot();

  private static void refused(Status status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void takesNumbersInOrderAndReplaysTheLast() throws Refused {
    assertThat(slot.begin(1, 7)).isEqualTo(Slot.Kind.NEW);
    slot.keep(4)[0] = 42;
    slot.end();
    assertThat(slot.begin(1, 7)).isEqualTo(Slot.Kind.REPLAY);
    assertThat(slot.replay()).startsWith((byte) 42);
    assertThat(slot.replyBytes()).isEqualTo(4);
    slot.end();
    assertThat(slot.begin(2, 8)).isEqualTo(Slot.Kind.NEW);
  }

  @Test
  void refusesNumbersOutOfOrder() throws Refused {
    refused(Status.SEQ_MISORDERED, () -> slot.begin(2, 0));
    refused(Status.SEQ_MISORDERED, () -> slot.begin(0, 0));
    slot.begin(1, 0);
    slot.keepNothing();
    slot.end();
    refused(Status.SEQ_MISORDERED, () -> slot.begin(3, 0));
  }

  @Test
  void tellsARetryOfARequestUnderWayToWait() throws Refused {
    slot.begin(1, 0);
    refused(Status.DELAY, () -> slot.begin(1, 0));
    refused(Status.SEQ_MISORDERED, () -> slot.begin(2, 0));
  }

  @Test
  void noticesAnotherRequestUnderTheSameNumber() throws Refused {
    slot.begin(1, 7);
    slot.keep(4);
    slot.end();
    refused(Status.SEQ_FALSE_RETRY, () -> slot.begin(1, 8));
    assertThat(slot.begin(1, 7)).isEqualTo(Slot.Kind.REPLAY);
  }

  @Test
  void saysThatAReplyWasNotKept() throws Refused {
    slot.begin(1, 7);
    slot.keepNothing();
    slot.end();
    assertThat(slot.begin(1, 7)).isEqualTo(Slot.Kind.REPLAY);
    assertThat(slot.replay()).isNull();
  }
}
