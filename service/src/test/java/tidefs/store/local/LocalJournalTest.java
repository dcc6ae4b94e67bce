package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.store.Journal;
import tidefs.store.JournalContract;
import tidefs.store.JournalRecord;
import tidefs.store.Records;

final class LocalJournalTest extends JournalContract {
  @TempDir private Path directory;
  private long epoch;

  @Override
  protected Journal open() {
    Path journal = directory.resolve("journal");
    return LocalJournal.open(new NativeFileIo(), journal, ++epoch, Chance.system());
  }

  @Test
  void twoClaimsAreWrittenInAnyOrderAndAThirdHasToWait() {
    try (Journal journal = replayed(1)) {
      Journal.Claim one = claim(journal, 1, 2);
      Journal.Claim two = claim(journal, 3, 1);
      assertThat(journal.claim(4, 1, 200)).isEmpty();
      two.write(Records.append(journal.writer(), 3, 1, 100));
      one.write(Records.append(journal.writer(), 1, 2, 100));
      claim(journal, 4, 1).write(Records.append(journal.writer(), 4, 1, 100));
      append(journal, 5, 1, 100);
      journal.verify();
    }
    try (Journal journal = replayed(1)) {
      assertThat(found).containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(journal.firstSequence()).isEqualTo(1);
    }
  }

  @Test
  void aClaimBeyondWhatTheSegmentOccupiesIsRefused() {
    try (Journal journal = replayed(1)) {
      int bytes = SegmentSizes.DEFAULT.smallest();
      assertThat(journal.claim(1, 1, bytes)).isEmpty();
      append(journal, 1, 1, 100);
    }
  }

  private static Journal.Claim claim(Journal journal, long first, int count) {
    return journal.claim(first, count, count * JournalRecord.length(100)).orElseThrow();
  }
}
