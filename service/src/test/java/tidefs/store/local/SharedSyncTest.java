package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tidefs.store.StoreFault;

final class SharedSyncTest {
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private int runs;
  private boolean broken;
  private boolean told;
  private final SharedSync sync = new SharedSync(this::act, false, () -> told = true);

  private void act() {
    runs++;
    if (broken) {
      broken = false; // As the system does: it reports a lost write once.
      throw new StoreFault("lost");
    }
  }

  @Test
  void withoutAChangeThereIsNothingToDo() {
    assertThat(sync.sync(queue::add)).isDone();
    assertThat(runs).isZero();
  }

  @Test
  void whoAsksTogetherSharesOneSync() {
    sync.changed();
    CompletableFuture<Void> one = sync.sync(queue::add);
    assertThat(sync.sync(queue::add)).isSameAs(one);
    assertThat(one).isNotDone();
    queue.remove().run();
    assertThat(one).isDone();
    assertThat(sync.isClean()).isTrue();
    assertThat(runs).isEqualTo(1);
  }

  @Test
  void aChangeDuringASyncNeedsAnother() {
    sync.changed();
    CompletableFuture<Void> one = sync.sync(queue::add);
    sync.changed();
    CompletableFuture<Void> two = sync.sync(queue::add);
    CompletableFuture<Void> three = sync.sync(queue::add);
    assertThat(two).isNotSameAs(one).isSameAs(three);
    queue.remove().run();
    assertThat(one).isDone();
    assertThat(two).isDone();
    assertThat(runs).isEqualTo(2);
    assertThat(queue).isEmpty();
  }

  @Test
  void aFailedSyncIsNeverRepeatedThoughTheSystemWouldSayThatAllIsWell() {
    sync.changed();
    broken = true;
    CompletableFuture<Void> one = sync.sync(queue::add);
    sync.changed();
    CompletableFuture<Void> two = sync.sync(queue::add);
    queue.remove().run();
    assertThat(one).isCompletedExceptionally();
    assertThat(two).isCompletedExceptionally();
    assertThat(sync.sync(queue::add)).isCompletedExceptionally();
    assertThat(runs).isEqualTo(1);
    assertThat(told).isTrue();
  }
}
