package tidefs.store.local;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.store.Journal;
import tidefs.store.JournalContract;

final class LocalJournalTest extends JournalContract {
  @TempDir private Path directory;
  private long epoch;

  @Override
  protected Journal open() {
    Path journal = directory.resolve("journal");
    return LocalJournal.open(new NativeFileIo(), journal, ++epoch, Chance.system());
  }
}
