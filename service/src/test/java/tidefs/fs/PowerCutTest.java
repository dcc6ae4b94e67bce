package tidefs.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.StoreResources;
import tidefs.store.View;
import tidefs.store.local.LocalDisk;
import tidefs.store.local.LocalJournal;
import tidefs.testkit.PowerCutIo;

/**
 * Takes the power from the whole stack at every call that changes the disk ({@code -Dcuts=} times
 * at least, {@code -Dseed=}). Work is recorded once, with all calls. For each cut a disk is made as
 * it may be after so many calls, what was not synced lost, torn or reordered by the seed; its
 * journal is replayed by the driver, and the files are read from its chunks. How far the journal
 * reaches says what the store holds: that, for each length, is checked once, by Fsck and against
 * the names that were acknowledged.
 */
final class PowerCutTest {
  private static final int SOME_TRACES = 5;
  private static final int STEPS = 300;
  private static final int FATES = 4;
  private static final int ENCRYPTED_FATES = 1; // Reading takes longer.
  private static final long MEMORY_BYTES = 32L << 20;

  @TempDir private Path directory;
  private final long seed = Long.getLong("seed", 1);
  private final long cuts = Long.getLong("cuts", 4_000);
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong traces = new AtomicLong();
  private final AtomicLong redone = new AtomicLong();

  @Test
  void whatWasAcknowledgedSurvivesALossOfPowerAtAnyCall() throws Exception {
    run(false, cuts, FATES);
  }

  @Test
  void andSoDoesWhatIsEncrypted() throws Exception {
    run(true, Long.getLong("encryptedCuts", cuts / 8), ENCRYPTED_FATES);
  }

  private void run(boolean encrypted, long cuts, int fates) throws Exception {
    int threads = Integer.getInteger("threads", 2);
    try (StoreResources resources = new StoreResources(MEMORY_BYTES);
        ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<Boolean> work =
            () -> {
              while (done.get() < cuts) {
                long number = traces.getAndIncrement();
                var trace =
                    new PowerCutTrace(
                        seed + number,
                        STEPS,
                        number % 2 == 1,
                        encrypted,
                        directory.resolve("t" + number),
                        resources);
                new Cuts(trace, seed + number).run(fates);
              }
              return true;
            };
        all.add(executor.submit(work));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(done.get()).isGreaterThanOrEqualTo(cuts);
    if (traces.get() > SOME_TRACES) { // Every second one overwrites a lot.
      assertThat(redone.get()).as("redo records that were needed").isPositive();
    }
  }

  /** A file as the store knows it. */
  private record Stored(long ino, InodeState state, List<Redo.Stored> redo, List<Where> chunks) {}

  /** Where a chunk is: in Standard, or, with this generation, in a cold place. */
  private record Where(OptionalInt cold, boolean hole) {
    static final int CHUNKS = 3;

    static List<Where> of(View view, long ino, InodeState state) {
      List<Where> chunks = new ArrayList<>();
      FileLayout layout = state.layout();
      for (int index = 0; index < CHUNKS; index++) {
        boolean hole = false;
        if (layout.sparse()) {
          BlockMaps maps = new BlockMaps(ino, layout.generation(), false);
          maps.load(view, index, index, layout.denseChunks(), Blocking.ALLOWED);
          hole = maps.written(index, layout.denseChunks()) == 0;
        }
        OptionalInt cold = ColdChunks.find(view, ino, layout.tier(), index, Blocking.ALLOWED);
        chunks.add(new Where(cold, hole));
      }
      return chunks;
    }
  }

  private final class Cuts {
    private final PowerCutTrace trace;
    private final Random random;
    private final String context;
    private final List<List<Stored>> filesByLength = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
    private final Map<Long, Map<Long, PowerCutHistory.Expected>> expected = new HashMap<>();

    Cuts(PowerCutTrace trace, long seed) {
      this.trace = trace;
      this.random = new Random(seed);
      this.context = "seed " + seed;
    }

    void run(int fates) {
      checkLengths();
      PowerCutIo disk = new PowerCutIo(random.nextLong(), PowerCutTrace.ROOT);
      for (int calls = 0; calls < trace.io().count(); calls++) {
        if (calls >= trace.firstCall()) {
          expected.clear();
          for (int i = 0; i < fates; i++) {
            long fate = random.nextLong();
            cut(disk, calls, fate);
            done.incrementAndGet();
          }
        }
        trace.io().repeat(calls, disk);
      }
    }

    /** For every number of batches: Fsck is content, and the names are what they were. */
    private void checkLengths() {
      PrefixView view = new PrefixView(trace.records());
      filesByLength.add(List.of());
      long length = 0;
      for (byte[] batch : trace.batches()) {
        view.apply(batch);
        length++;
        List<String> problems = new ArrayList<>();
        Fsck.check(view, problems::add);
        assertThat(problems).as("%s batch %d", context, length).isEmpty();
        assertThat(names(view)).isEqualTo(trace.history().names(length));
        filesByLength.add(files(view));
      }
    }

    private TreeMap<PowerCutHistory.Name, Long> names(PrefixView view) {
      TreeMap<PowerCutHistory.Name, Long> names = new TreeMap<>();
      try (Entries all =
          view.scan(Keys.first(Keys.ENTRY), Keys.end(Keys.ENTRY), Blocking.ALLOWED)) {
        while (all.next()) {
          DirectoryEntry entry = DirectoryEntry.decode(all.value());
          if (!entry.left()) {
            String name = new String(entry.name(), UTF_8);
            names.put(new PowerCutHistory.Name(Keys.number(all.key()), name), entry.ino());
          }
        }
      }
      return names;
    }

    private List<Stored> files(PrefixView view) {
      List<Stored> files = new ArrayList<>();
      try (Entries all =
          view.scan(Keys.first(Keys.INODE), Keys.end(Keys.INODE), Blocking.ALLOWED)) {
        while (all.next()) {
          long ino = Keys.number(all.key());
          InodeState state = InodeCodec.decode(ino, all.value(), 0);
          if (state.type() == FileType.REGULAR && !state.unlinked()) {
            files.add(new Stored(ino, state, redo(view, ino), Where.of(view, ino, state)));
          }
        }
      }
      return files;
    }

    private List<Redo.Stored> redo(PrefixView view, long ino) {
      List<Redo.Stored> records = new ArrayList<>();
      try (Entries all =
          view.scan(Keys.redo(ino, 0), Keys.redo(ino, Long.MAX_VALUE), Blocking.ALLOWED)) {
        while (all.next()) {
          records.add(Redo.Stored.decode(all.value()));
        }
      }
      redone.addAndGet(records.size());
      return records;
    }

    private void cut(PowerCutIo before, int calls, long fate) {
      PowerCutIo disk = before.copy(fate);
      disk.restore();
      long flushed = trace.flushedAt(calls);
      long length;
      try (LocalJournal journal =
          LocalDisk.journal(disk, PowerCutTrace.JOURNAL, 2, random::nextBytes)) {
        length = Math.max(flushed, journal.replay(flushed + 1, (_, _) -> {}));
      }
      assertThat(length)
          .as("%s calls %d fate %d: batches", context, calls, fate)
          .isGreaterThanOrEqualTo(trace.history().acknowledgedAt(calls));
      ChunkStore chunks = trace.chunks(disk);
      for (Stored file : filesByLength.get((int) length)) {
        PowerCutHistory.Expected may =
            expected
                .computeIfAbsent(length, _ -> new HashMap<>())
                .computeIfAbsent(file.ino(), ino -> trace.history().expected(ino, calls, length));
        String problem = problem(disk, chunks, file, may);
        if (!problem.isEmpty()) {
          problem += ", " + file + trace.history().told(file.ino());
        }
        assertThat(problem)
            .as(
                "%s calls %d fate %d length %d inode %d %s",
                context, calls, fate, length, file.ino(), may)
            .isEmpty();
      }
    }

    private String problem(
        PowerCutIo disk, ChunkStore chunks, Stored file, PowerCutHistory.Expected may) {
      long size = file.state().attributes().size();
      int sectors = (int) (size / PowerCutHistory.SECTOR_BYTES);
      if (size % PowerCutHistory.SECTOR_BYTES != 0 || !may.mayHave(sectors)) {
        return "has " + size + " bytes";
      }
      BitSet touched = trace.history().touched(file.ino());
      int from = touched.nextSetBit(0);
      while (from >= 0 && from < sectors) {
        int to = Math.min(touched.nextClearBit(from), sectors);
        int chunkSectors = ChunkStore.CHUNK_BYTES / PowerCutHistory.SECTOR_BYTES;
        to = Math.min(to, (from / chunkSectors + 1) * chunkSectors);
        to = Math.min(to, from + buffer.capacity() / PowerCutHistory.SECTOR_BYTES);
        read(disk, chunks, file, from, to);
        for (int sector = from; sector < to; sector++) {
          int at = (sector - from) * PowerCutHistory.SECTOR_BYTES;
          long tag = buffer.getLong(at);
          if (buffer.getLong(at + PowerCutHistory.SECTOR_BYTES - Long.BYTES) != tag) {
            return "sector " + sector + " is torn";
          }
          if (!may.mayHave(sector, tag, sectors)) {
            return "sector " + sector + " of " + sectors + " has tag " + tag;
          }
        }
        from = touched.nextSetBit(to);
      }
      return "";
    }

    private void read(PowerCutIo disk, ChunkStore chunks, Stored file, int from, int to) {
      long offset = (long) from * PowerCutHistory.SECTOR_BYTES;
      int bytes = (to - from) * PowerCutHistory.SECTOR_BYTES;
      buffer.clear().limit(bytes);
      if (file.state().layout().inline()) {
        buffer.put(0, file.state().data(), (int) offset, bytes);
        return;
      }
      int index = (int) (offset / ChunkStore.CHUNK_BYTES);
      int at = (int) (offset % ChunkStore.CHUNK_BYTES);
      Where where = file.chunks().get(index);
      if (where.cold().isPresent() && where.hole()) {
        ColdChunks.zero(buffer, 0);
        return;
      }
      if (where.cold().isPresent()) {
        boolean archive = file.state().layout().tier().storageClass() == StorageClass.ARCHIVE;
        try (ChunkStore cold = trace.cold(disk, archive ? "archive" : "ia")) {
          cold.read(new ChunkId(file.ino(), where.cold().getAsInt(), index), at, buffer).join();
        }
        return;
      }
      var chunk = new ChunkId(file.ino(), file.state().layout().chunkGeneration(), index);
      chunks.read(chunk, at, buffer).join();
      for (Redo.Stored record : file.redo()) { // As opening the file system would.
        long first = Math.max(offset, record.offset());
        long end = Math.min(offset + bytes, record.offset() + record.bytes().length);
        if (first < end) {
          int start = (int) (first - record.offset());
          buffer.put((int) (first - offset), record.bytes(), start, (int) (end - first));
        }
      }
    }
  }
}
