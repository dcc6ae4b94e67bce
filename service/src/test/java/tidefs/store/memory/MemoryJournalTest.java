package tidefs.store.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tidefs.store.FencedException;
import tidefs.store.Journal;
import tidefs.store.JournalContract;

final class MemoryJournalTest extends JournalContract {
  private final MemoryJournal.Log log = new MemoryJournal.Log();

  @Override
  protected Journal open() {
    return new MemoryJournal(log);
  }

  @Test
  void aWriterThatWasReplacedIsFenced() {
    Journal old = replayed(1);
    append(old, 1, 1, 10);
    replayed(1).close();
    assertThatThrownBy(() -> append(old, 2, 1, 10)).isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> old.trim(2)).isInstanceOf(FencedException.class);
  }
}
