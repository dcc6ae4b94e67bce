package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidefs.base.Invariant;

/** What every journal does. */
public abstract class JournalContract {
  /** Opens the medium of this test for a new writer, with a higher epoch than any before. */
  protected abstract Journal open();

  /** Records that {@link #replayed} found. */
  protected final List<Long> found = new ArrayList<>();

  /** Opens and replays; {@link #found} is what there was. */
  protected Journal replayed(long from) {
    Journal journal = open();
    found.clear();
    try {
      journal.replay(
          from,
          (sequence, payload) -> {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            assertThat(bytes).isEqualTo(Records.payload(sequence, bytes.length));
            found.add(sequence);
          });
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    return journal;
  }

  protected static void append(Journal journal, long first, int count, int length) {
    journal.append(first, count, Records.append(journal.writer(), first, count, length));
  }

  @Test
  protected void aNewJournalIsEmptyAndBeginsWithOne() {
    try (Journal journal = open()) {
      assertThat(journal.firstSequence()).isEqualTo(1);
      assertThat(journal.replay(1, (_, _) -> {})).isZero();
      append(journal, 1, 1, 10);
      assertThat(journal.firstSequence()).isEqualTo(1);
    }
  }

  @Test
  protected void whatWasAppendedIsReplayedByTheNextWriterInOrder() {
    try (Journal journal = replayed(1)) {
      append(journal, 1, 1, 0);
      append(journal, 2, 3, 100);
      append(journal, 5, 2, 7);
      journal.verify();
    }
    try (Journal journal = replayed(1)) {
      assertThat(found).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      append(journal, 7, 1, 9);
    }
    try (Journal journal = replayed(5)) {
      assertThat(found).containsExactly(5L, 6L, 7L);
      assertThat(journal.firstSequence()).isEqualTo(1);
    }
  }

  @Test
  protected void everyWriterHasAHigherEpoch() {
    long before = 0;
    for (int i = 0; i < 4; i++) {
      try (Journal journal = replayed(1)) {
        assertThat(journal.writer().epoch()).isGreaterThan(before);
        before = journal.writer().epoch();
        append(journal, i + 1, 1, 8);
      }
    }
    assertThat(found).hasSize(3);
  }

  @Test
  protected void anAppendOutOfOrderIsABug() {
    try (Journal journal = replayed(1)) {
      append(journal, 1, 2, 10);
      assertThatThrownBy(() -> append(journal, 2, 1, 10)).isInstanceOf(Invariant.Broken.class);
      assertThatThrownBy(() -> append(journal, 4, 1, 10)).isInstanceOf(Invariant.Broken.class);
      append(journal, 3, 1, 10);
    }
  }

  @Test
  protected void appendingBeforeTheReplayIsABug() {
    try (Journal journal = open()) {
      assertThatThrownBy(() -> append(journal, 1, 1, 10)).isInstanceOf(Invariant.Broken.class);
    }
  }

  @Test
  protected void trimmingForgetsNothingFromTheGivenNumberOn() {
    try (Journal journal = replayed(1)) {
      for (int i = 0; i < 40; i++) {
        append(journal, 1 + i, 1, 4 << 20);
        if (i % 10 == 9) {
          journal.trim(i - 3);
          assertThat(journal.firstSequence()).isLessThanOrEqualTo(i - 3);
        }
      }
      assertThat(journal.firstSequence()).isGreaterThan(1);
    }
    try (Journal journal = replayed(36)) {
      assertThat(found).containsExactly(36L, 37L, 38L, 39L, 40L);
      journal.trim(41);
    }
    try (Journal journal = replayed(41)) {
      assertThat(found).isEmpty();
      append(journal, 41, 1, 10);
    }
  }

  @Test
  protected void aReplayFromBeforeWhatWasTrimmedIsAFault() {
    try (Journal journal = replayed(1)) {
      append(journal, 1, 3, 10);
      journal.restart(10);
    }
    assertThatThrownBy(() -> replayed(3).close()).isInstanceOf(StoreFault.class);
  }

  @Test
  protected void afterARestartTheJournalGoesOnWithTheGivenNumber() {
    try (Journal journal = replayed(1)) {
      append(journal, 1, 3, 10);
      journal.restart(10);
      append(journal, 10, 2, 10);
    }
    try (Journal journal = replayed(10)) {
      assertThat(found).containsExactly(10L, 11L);
      append(journal, 12, 1, 10);
    }
  }
}
