package tidefs.fs;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import tidefs.base.Blocking;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.View;

/**
 * Checks a file system while it is in use: what is on disk, then all records as they are at one
 * instant, and the chunks that files need of them.
 *
 * <p>Chunks move on while they are listed: a file may be removed after the instant, cut, or go to
 * another storage class. So one that seems to lack chunks is only suspected: what it needs
 * <em>now</em> is noted, the chunks are listed again, and if its end was not moved meanwhile they
 * had to be there.
 */
public final class LiveCheck {
  /** How many suspected files are looked at with one listing. */
  private static final int BATCH_FILES = 1 << 16;

  /** How many files are suspected at most. */
  private static final int MOST_SUSPECTS = 100_000;

  /** How many chunks these have in all, but for those of the last. */
  private static final int BATCH_CHUNKS = 1 << 24;

  private static final int ROUNDS = 5;

  private final Core core;
  private final long mostBytes;
  private Deque<Long> suspects = new ArrayDeque<>();
  private int unjudged;
  private volatile boolean stopped;

  /**
   * What a check found besides problems.
   *
   * @param usage what the file system held at the instant, by a recount
   * @param unjudged suspected files that were cut or moved at every look, or too many to look at
   */
  public record Report(Usage usage, int unjudged) {}

  /** The check would take more memory than it may. */
  public static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoRoom(long bytes) {
      super("it would take more than " + (bytes >> 20) + " MiB of memory", null, false, false);
    }
  }

  LiveCheck(Core core, long mostBytes) {
    this.core = core;
    this.mostBytes = mostBytes;
  }

  /**
   * Checks, once, and tells {@code problems} of each thing that is wrong.
   *
   * @throws StoreFault if what is on disk is damaged so that it cannot be read
   * @throws NoRoom if it would take too much memory
   * @throws CancellationException if it was {@linkplain #stop stopped}
   */
  public Report run(Consumer<String> problems) {
    core.store().verify();
    Usage usage;
    try (MetadataStore.Snapshot snapshot = core.store().snapshot()) {
      core.store().awaitDurable(snapshot.sequence());
      usage =
          Fsck.checkInUse(
              new Watched(snapshot),
              this::list,
              new FsckMemory(mostBytes),
              problems,
              this::suspect);
    }
    for (int round = 0; round < ROUNDS && !suspects.isEmpty(); round++) {
      suspects = lookAgain(suspects, problems);
    }
    return new Report(usage, unjudged + suspects.size());
  }

  private void suspect(long ino) {
    goOn();
    if (need(ino).isEmpty()) {
      return;
    }
    if (suspects.size() < MOST_SUSPECTS) {
      suspects.add(ino);
    } else {
      unjudged++;
    }
  }

  /** Ends the check soon, on any thread. */
  public void stop() {
    stopped = true;
  }

  private void goOn() {
    if (stopped) {
      throw new CancellationException("the check was stopped");
    }
  }

  /** Returns those that are still suspected. */
  private Deque<Long> lookAgain(Deque<Long> before, Consumer<String> problems) {
    Deque<Long> after = new ArrayDeque<>();
    while (!before.isEmpty()) {
      Map<Long, Need> needs = new HashMap<>();
      long chunks = 0;
      while (!before.isEmpty() && needs.size() < BATCH_FILES && chunks < BATCH_CHUNKS) {
        goOn();
        Optional<Need> need = need(before.remove());
        need.ifPresent(it -> needs.put(it.file.ino(), it));
        chunks += need.map(it -> it.chunks).orElse(0);
      }
      list((chunk, _) -> found(needs, chunk));
      for (Need each : needs.values()) {
        if (each.changed()) {
          after.add(each.file.ino());
        } else if (each.missing() > 0) {
          long ino = each.file.ino();
          problems.accept("inode " + ino + ": " + each.missing() + " chunks of it are missing");
        }
      }
    }
    return after;
  }

  private void list(ChunkStore.ChunkSink sink) {
    core.chunks()
        .list((chunk, length) -> {
          goOn();
          sink.chunk(chunk, length);
        });
  }

  private static void found(Map<Long, Need> needs, ChunkId chunk) {
    Need need = needs.get(chunk.ino());
    if (need != null && chunk.generation() == need.generation && chunk.index() < need.chunks) {
      need.found.set(chunk.index());
    }
  }

  /** What a file needs that is written in all its blocks, if it is one, and still there. */
  private Optional<Need> need(long ino) {
    Inode file;
    try {
      file = core.load(new Operation(Credentials.ROOT, Blocking.ALLOWED), ino);
    } catch (FsException e) {
      return Optional.empty(); // It is gone, with its chunks.
    }
    file.lock(Blocking.ALLOWED);
    try {
      // Redo records: its chunks are about to be written.
      boolean judged = whole(file) && file.io().redo().isEmpty();
      return judged ? Optional.of(new Need(file)) : Optional.empty();
    } finally {
      file.unlock();
    }
  }

  /** Whether it is there and written in all its blocks, in Standard. The caller holds the lock. */
  private static boolean whole(Inode file) {
    if (file.gone() || file.stored().unlinked()) {
      return false;
    }
    FileLayout layout = file.stored().layout();
    return !layout.inline() && !layout.sparse() && layout.tier().end() == 0;
  }

  /** The chunks of a file that its stored size says there are, and which were found. */
  private static final class Need {
    final Inode file; // As long as it is held here, the table has no other object for it.
    final int generation;
    final int epoch;
    final int chunks;
    final BitSet found = new BitSet();

    Need(Inode file) {
      this.file = file;
      InodeState stored = file.stored();
      generation = stored.layout().chunkGeneration();
      epoch = file.io().epoch();
      chunks = FileLayout.chunksIn(stored.attributes().size());
    }

    /** Whether some chunk of them may have been given up since. */
    boolean changed() {
      file.lock(Blocking.ALLOWED);
      try {
        return !whole(file) || file.io().epoch() != epoch;
      } finally {
        file.unlock();
      }
    }

    int missing() {
      return chunks - found.cardinality();
    }
  }

  /** The snapshot, until the check is stopped. */
  private final class Watched implements View {
    private final View view;

    Watched(View view) {
      this.view = view;
    }

    @Override
    public Optional<byte[]> get(byte[] key, Blocking blocking) {
      goOn();
      return view.get(key, blocking);
    }

    @Override
    public Entries scan(byte[] from, byte[] to, Blocking blocking) {
      Entries entries = view.scan(from, to, blocking);
      return new Entries() {
        @Override
        public boolean next() {
          goOn();
          return entries.next();
        }

        @Override
        public byte[] key() {
          return entries.key();
        }

        @Override
        public byte[] value() {
          return entries.value();
        }

        @Override
        public void close() {
          entries.close();
        }
      };
    }
  }
}
