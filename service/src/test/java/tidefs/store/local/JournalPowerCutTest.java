package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import tidefs.store.Journal;
import tidefs.store.JournalRecord;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;
import tidefs.testkit.PowerCutIo;

/**
 * Takes the power away at every kind of call of a journal, thousands of times ({@code -Dcuts=},
 * {@code -Dseed=}): what was acknowledged, or found by a replay that succeeded, is there ever
 * after.
 */
final class JournalPowerCutTest {
  private static final Path ROOT = Path.of("/disk");
  private static final SegmentSizes SIZES = new SegmentSizes(16 << 10, 8 << 10, 48 << 10);

  private final long seed = Long.getLong("seed", 1);
  private final Random random = new Random(seed);
  private final CRC32C crc = new CRC32C();
  private PowerCutIo io = new PowerCutIo(seed, ROOT);
  private long epoch;

  /** Payload tags by sequence number - 1: durable up to {@link #acknowledged}, perhaps beyond. */
  private final List<Long> tags = new ArrayList<>();

  private long acknowledged;
  private long trimmedBelow = 1;

  @Test
  void whatWasAcknowledgedSurvives() {
    int cuts = Integer.getInteger("cuts", 1000);
    long appends = 0;
    long lost = 0;
    for (int cut = 0; cut < cuts; cut++) {
      if (cut % 50 == 0) {
        io = new PowerCutIo(random.nextLong(), ROOT);
        tags.clear();
        acknowledged = 0;
        trimmedBelow = 1;
        epoch = 0;
      }
      io.cutAfter(1 + random.nextInt(40));
      try (LocalJournal journal = open()) {
        recover(journal, cut);
        while (true) {
          step(journal);
          appends++;
        }
      } catch (StoreFault e) {
        assertThat(io.isCut()).as("seed %d cut %d: %s", seed, cut, e).isTrue();
      }
      io.restore();
      lost += tags.size() - acknowledged;
    }
    assertThat(appends).isGreaterThan(cuts / 2);
    assertThat(lost).as("appends that were under way").isPositive();
  }

  private LocalJournal open() {
    return LocalJournal.open(io, ROOT.resolve("journal"), ++epoch, random::nextBytes, SIZES);
  }

  /** Replays, and checks that what must be there is, and that nothing else is. */
  private void recover(LocalJournal journal, int cut) {
    long from =
        tags.isEmpty() ? 1 : trimmedBelow + random.nextLong(acknowledged - trimmedBelow + 2);
    long[] next = {from};
    long last =
        journal.replay(
            from,
            (sequence, payload) -> {
              assertThat(sequence).as("seed %d cut %d", seed, cut).isEqualTo(next[0]++);
              assertThat(sequence).isLessThanOrEqualTo(tags.size());
              assertThat(payload.getLong(0))
                  .as("seed %d cut %d: record %d", seed, cut, sequence)
                  .isEqualTo(tags.get((int) sequence - 1));
            });
    assertThat(last).as("seed %d cut %d", seed, cut).isGreaterThanOrEqualTo(acknowledged);
    assertThat(next[0]).isEqualTo(last + 1);
    while (tags.size() > last) {
      tags.removeLast();
    }
    acknowledged = last;
  }

  private void step(LocalJournal journal) {
    if (random.nextInt(8) == 0 && acknowledged >= trimmedBelow) {
      trimmedBelow += random.nextLong(acknowledged - trimmedBelow + 2);
      journal.trim(trimmedBelow);
      return;
    }
    if (random.nextInt(8) == 0) {
      journal.replenish();
    }
    if (random.nextInt(3) == 0) {
      appendTwo(journal);
      return;
    }
    ByteBuffer records = records(journal, tags.size());
    int count = (int) (tags.size() - acknowledged);
    io.full(random.nextInt(4) == 0);
    try {
      journal.append(tags.size() - count + 1, count, records);
    } catch (StoreFullFault e) {
      io.full(false);
      journal.append(tags.size() - count + 1, count, records);
    }
    io.full(false);
    acknowledged = tags.size();
  }

  /** Two appends that are under way at once and end in any order. */
  private void appendTwo(LocalJournal journal) {
    long before = tags.size();
    ByteBuffer one = records(journal, before);
    long between = tags.size();
    Optional<Journal.Claim> first =
        journal.claim(before + 1, (int) (between - before), one.remaining());
    if (first.isEmpty()) {
      journal.append(before + 1, (int) (between - before), one);
      acknowledged = tags.size();
      return;
    }
    ByteBuffer two = records(journal, before);
    Optional<Journal.Claim> second =
        journal.claim(between + 1, (int) (tags.size() - between), two.remaining());
    if (second.isPresent() && random.nextBoolean()) {
      second.get().write(two);
      first.get().write(one);
      acknowledged = tags.size();
      return;
    }
    first.get().write(one);
    acknowledged = between;
    if (second.isPresent()) {
      second.get().write(two);
    } else {
      journal.append(between + 1, (int) (tags.size() - between), two);
    }
    acknowledged = tags.size();
  }

  /** New records, when all up to {@code durable} are. */
  private ByteBuffer records(LocalJournal journal, long durable) {
    int count = 1 + random.nextInt(5);
    int size = random.nextInt(20) == 0 ? 30_000 : 8 + random.nextInt(1500);
    ByteBuffer records = ByteBuffer.allocateDirect(count * JournalRecord.length(size));
    for (int i = 0; i < count; i++) {
      long tag = random.nextLong();
      byte[] payload = ByteBuffer.allocate(size).putLong(tag).array();
      tags.add(tag);
      int place = (int) (tags.size() - durable - 1);
      JournalRecord.encode(
          records, crc, journal.writer(), tags.size(), place, payload, 0, payload.length);
    }
    return records.flip();
  }
}
