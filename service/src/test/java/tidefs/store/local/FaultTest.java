package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.store.ChunkId;
import tidefs.store.FencedException;
import tidefs.store.JournalRecord;
import tidefs.store.Records;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;
import tidefs.testkit.PowerCutIo;

/** What the local drivers do when a call of the system fails, or a file is damaged. */
final class FaultTest {
  private static final Path ROOT = Path.of("/disk");
  private static final Path JOURNAL = ROOT.resolve("journal");
  private static final ChunkId CHUNK = new ChunkId(1, 0, 0);

  private final PowerCutIo io = new PowerCutIo(7, ROOT);

  private LocalJournal open(long epoch) {
    return LocalJournal.open(io, JOURNAL, epoch, Chance.system());
  }

  private static void append(LocalJournal journal, long first, int count) {
    journal.append(first, count, Records.append(journal.writer(), first, count, 100));
  }

  private List<Long> replay(LocalJournal journal) {
    List<Long> found = new ArrayList<>();
    journal.replay(1, (sequence, _) -> found.add(sequence));
    return found;
  }

  @Test
  void aJournalThatFailedTakesNoMore() {
    for (int call = 1; call <= 2; call++) { // The write, the sync.
      LocalJournal journal = open(call);
      replay(journal);
      long next = journal.firstSequence();
      io.failAfter(call, PowerCutIo.Fault.ERROR);
      assertThatThrownBy(() -> append(journal, next, 1)).isInstanceOf(StoreFault.class);
      assertThatThrownBy(() -> append(journal, next, 1))
          .isInstanceOf(StoreFault.class)
          .hasMessageContaining("has failed");
      assertThatThrownBy(() -> journal.trim(1)).isInstanceOf(StoreFault.class);
      journal.close();
    }
  }

  @Test
  void aJournalOnAFullDiskHasTheRoomThatItTellsOfAndGoesOnWhenThereIsSpace() {
    long next = 1;
    try (LocalJournal journal = open(1)) {
      replay(journal);
      assertThat(journal.replenish()).isTrue();
      io.full(true);
      long room = journal.room();
      int record = JournalRecord.length(100);
      for (long used = record; used <= room; used += record) {
        append(journal, next++, 1);
      }
      assertThat(journal.replenish()).isTrue(); // The spare segment is untouched yet.
      assertThatCode(() -> journal.trim(1)).doesNotThrowAnyException();
      long last = appendUntilFull(journal, next);
      assertThat(last - next).isGreaterThan(room / record - 2);
      assertThat(journal.replenish()).isFalse();
      io.full(false);
      append(journal, last, 1);
      next = last + 1;
      assertThat(journal.replenish()).isTrue();
      journal.verify();
    }
    try (LocalJournal journal = open(2)) {
      assertThat(replay(journal)).hasSize((int) next - 1);
    }
  }

  private static long appendUntilFull(LocalJournal journal, long from) {
    for (long next = from; ; next++) {
      try {
        append(journal, next, 1);
      } catch (StoreFullFault e) {
        return next;
      }
    }
  }

  @Test
  void aSyncThatFailsForLackOfSpaceIsFinal() {
    try (LocalJournal journal = open(1)) {
      replay(journal);
      io.failAfter(2, PowerCutIo.Fault.FULL);
      assertThatThrownBy(() -> append(journal, 1, 1))
          .isInstanceOf(StoreFault.class)
          .isNotInstanceOf(StoreFullFault.class);
      assertThatThrownBy(() -> append(journal, 1, 1)).hasMessageContaining("has failed");
    }
  }

  @Test
  void aWriterWithALowerEpochIsFenced() {
    try (LocalJournal journal = open(5)) {
      replay(journal);
    }
    for (long epoch = 4; epoch <= 5; epoch++) {
      try (LocalJournal journal = open(epoch)) {
        assertThatThrownBy(() -> replay(journal)).isInstanceOf(FencedException.class);
      }
    }
  }

  @Test
  void aDamagedRecordThatWasDurableIsAFault() {
    try (LocalJournal journal = open(1)) {
      replay(journal);
      append(journal, 1, 2);
      append(journal, 3, 2);
    }
    damage(1, SegmentHeader.BYTES + 40);
    try (LocalJournal journal = open(2)) {
      assertThatThrownBy(() -> replay(journal))
          .isInstanceOf(StoreFault.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void damageUnderAnOpenJournalIsFoundByVerifyingIt() {
    try (LocalJournal journal = open(1)) {
      replay(journal);
      append(journal, 1, 2);
      journal.verify();
      damage(1, SegmentHeader.BYTES + JournalRecord.length(100) + 40);
      assertThatThrownBy(journal::verify).isInstanceOf(StoreFault.class);
    }
  }

  @Test
  void aHoleInTheLastAppendEndsTheJournal() {
    try (LocalJournal journal = open(1)) {
      replay(journal);
      append(journal, 1, 1);
      append(journal, 2, 3);
    }
    damage(1, SegmentHeader.BYTES + 2 * JournalRecord.length(100) + 40);
    try (LocalJournal journal = open(2)) {
      assertThat(replay(journal)).containsExactly(1L, 2L);
      append(journal, 3, 1);
    }
    try (LocalJournal journal = open(3)) {
      assertThat(replay(journal)).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aMissingSegmentIsAFault() {
    for (long epoch = 1; epoch <= 3; epoch++) {
      try (LocalJournal journal = open(epoch)) {
        replay(journal);
        append(journal, epoch, 1);
      }
    }
    io.unlink(JOURNAL.resolve("0000000000000002.journal"));
    try (LocalJournal journal = open(4)) {
      assertThatThrownBy(() -> replay(journal))
          .isInstanceOf(StoreFault.class)
          .hasMessageContaining("missing");
    }
  }

  @Test
  void contentsThatLookLikeARecordAreNotOne() {
    try (LocalJournal journal = open(1)) {
      replay(journal);
      JournalRecord.Writer guessed = new JournalRecord.Writer(1, 0);
      ByteBuffer forged = Records.append(guessed, 50, 1, 16);
      byte[] payload = new byte[forged.remaining()];
      forged.get(payload);
      ByteBuffer record = ByteBuffer.allocateDirect(JournalRecord.length(payload.length));
      JournalRecord.encode(
          record, new CRC32C(), journal.writer(), 1, 0, payload, 0, payload.length);
      journal.append(1, 1, record.flip());
    }
    damage(1, SegmentHeader.BYTES + 1); // The head of the last append is torn, its rest is there.
    try (LocalJournal journal = open(2)) {
      assertThat(replay(journal)).isEmpty();
    }
  }

  @Test
  void afterAFailedSyncTheChunkStoreTakesNoMore() {
    try (ChunkResources resources = new ChunkResources(1 << 20)) {
      LocalChunkStore store = LocalChunkStore.open(io, ROOT.resolve("chunks"), resources);
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      store.write(CHUNK, 0, one).join();
      io.failAfter(1, PowerCutIo.Fault.ERROR);
      assertThatThrownBy(() -> store.sync(List.of(CHUNK)).join())
          .hasCauseInstanceOf(StoreFault.class);
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> store.sync(List.of(CHUNK)).join())
            .hasCauseInstanceOf(StoreFault.class);
        assertThatThrownBy(() -> store.write(CHUNK, 0, one).join())
            .hasCauseInstanceOf(StoreFault.class);
        assertThatThrownBy(() -> store.truncate(CHUNK, 0).join())
            .hasCauseInstanceOf(StoreFault.class);
        assertThatThrownBy(() -> store.remove(CHUNK).join()).hasCauseInstanceOf(StoreFault.class);
      }
      store.close();
    }
  }

  @Test
  void aFullDiskFailsTheWriteAndNoOther() {
    try (ChunkResources resources = new ChunkResources(1 << 20)) {
      LocalChunkStore store = LocalChunkStore.open(io, ROOT.resolve("chunks"), resources);
      ByteBuffer one = ByteBuffer.allocateDirect(1).put(0, (byte) 3);
      store.write(CHUNK, 0, one).join();
      io.failAfter(1, PowerCutIo.Fault.FULL);
      assertThatThrownBy(() -> store.write(CHUNK, 1, one).join())
          .hasCauseInstanceOf(StoreFullFault.class);
      store.write(CHUNK, 1, one).join();
      store.sync(List.of(CHUNK)).join();
      store.close();
    }
  }

  private void damage(long segment, long offset) {
    int file = io.open(JOURNAL.resolve("%016x.journal".formatted(segment)));
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    assertThat(io.read(file, offset, one)).isEqualTo(1);
    one.put(0, (byte) (one.get(0) ^ 0x40));
    io.write(file, offset, one);
    io.close(file);
  }
}
