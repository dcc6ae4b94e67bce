package tidefs.store.crypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import tidefs.store.ChunkId;
import tidefs.store.StoreFault;
import tidefs.store.local.ChunkResources;
import tidefs.store.local.LocalChunkStore;
import tidefs.testkit.PowerCutIo;

/**
 * Takes the power away from an encrypted chunk store ({@code -Dcuts=}, {@code -Dseed=}) that is
 * written in cells of four bytes, a quarter of what is encrypted at a time: what was synced is
 * there, even if its neighbours in the same block were being written, and what was not is old or
 * new.
 */
final class EncryptedChunkPowerCutTest {
  private static final Path ROOT = Path.of("/disk");
  private static final int CELL_BYTES = 4;
  private static final int CELLS = 2 * 512 / CELL_BYTES + 6;
  private static final int CHUNKS = 3;
  private static final int CUTS_PER_DISK = 6;

  private final long seed = Long.getLong("seed", 1);
  private final Random random = new Random(seed);
  private final DataKey key = DataKey.random(random::nextBytes);
  private PowerCutIo io = new PowerCutIo(seed, ROOT);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CELLS * CELL_BYTES);

  /** The tags that each cell may have: the last synced one, and those written since. */
  private final Map<Integer, List<Integer>> allowed = new HashMap<>();

  private int lastTag;
  private int steps;

  @Test
  void whatWasSyncedIsThereWhateverHappensToItsNeighbours() {
    int cuts = Integer.getInteger("cuts", 400);
    try (ChunkResources resources = new ChunkResources(16 << 10)) {
      for (int cut = 0; cut < cuts; cut++) {
        if (cut % CUTS_PER_DISK == 0) {
          io = new PowerCutIo(random.nextLong(), ROOT);
          allowed.clear();
        }
        io.cutAfter(1 + random.nextInt(120));
        try {
          LocalChunkStore local = LocalChunkStore.open(io, ROOT.resolve("chunks"), resources);
          try (EncryptedChunkStore store = new EncryptedChunkStore(local, key)) {
            check(store, cut);
            while (true) {
              step(store);
              steps++;
            }
          }
        } catch (CompletionException | StoreFault e) {
          assertThat(io.isCut()).as("seed %d cut %d: %s", seed, cut, e).isTrue();
        }
        io.restore();
      }
    }
    assertThat(steps).isGreaterThan(cuts);
  }

  private void check(EncryptedChunkStore store, int cut) {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      store.read(id(chunk), 0, buffer.clear()).join();
      for (int cell = 0; cell < CELLS; cell++) {
        assertThat(allowed(chunk, cell))
            .as("seed %d cut %d chunk %d cell %d", seed, cut, chunk, cell)
            .contains(buffer.getInt(cell * CELL_BYTES));
      }
      if (isUncertain(chunk)) { // What is seen may be in memory only: make it so, and durable.
        store.write(id(chunk), 0, buffer).join();
        store.sync(List.of(id(chunk))).join();
        for (int cell = 0; cell < CELLS; cell++) {
          allowed.put(place(chunk, cell), List.of(buffer.getInt(cell * CELL_BYTES)));
        }
      }
    }
  }

  private void step(EncryptedChunkStore store) {
    int chunk = random.nextInt(CHUNKS);
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> {
        store.sync(List.of(id(chunk))).join();
        for (int cell = 0; cell < CELLS; cell++) {
          allowed.put(place(chunk, cell), List.of(allowed(chunk, cell).getLast()));
        }
      }
      case 4 -> {
        int kept = random.nextInt(CELLS);
        allow(chunk, kept, CELLS, 0);
        store.truncate(id(chunk), kept * CELL_BYTES).join();
      }
      case 5 -> {
        allow(chunk, 0, CELLS, 0);
        store.remove(id(chunk)).join();
      }
      case 6 -> look(store, chunk);
      default -> write(store, chunk);
    }
  }

  private void write(EncryptedChunkStore store, int chunk) {
    int from = random.nextInt(CELLS);
    int most = random.nextBoolean() ? 3 : CELLS;
    int to = from + 1 + random.nextInt(Math.min(most, CELLS - from));
    lastTag++;
    buffer.clear().limit((to - from) * CELL_BYTES);
    for (int i = 0; i < buffer.limit(); i += CELL_BYTES) {
      buffer.putInt(i, lastTag);
    }
    allow(chunk, from, to, lastTag);
    store.write(id(chunk), from * CELL_BYTES, buffer).join();
  }

  /** While the power is there, what was written last is read. */
  private void look(EncryptedChunkStore store, int chunk) {
    int from = random.nextInt(CELLS);
    int to = from + 1 + random.nextInt(CELLS - from);
    buffer.clear().limit((to - from) * CELL_BYTES);
    store.read(id(chunk), from * CELL_BYTES, buffer).join();
    for (int cell = from; cell < to; cell++) {
      assertThat(buffer.getInt((cell - from) * CELL_BYTES))
          .as("seed %d step %d chunk %d cell %d", seed, steps, chunk, cell)
          .isEqualTo(allowed(chunk, cell).getLast());
    }
  }

  private boolean isUncertain(int chunk) {
    for (int cell = 0; cell < CELLS; cell++) {
      if (allowed(chunk, cell).size() > 1) {
        return true;
      }
    }
    return false;
  }

  private List<Integer> allowed(int chunk, int cell) {
    return allowed.getOrDefault(place(chunk, cell), List.of(0));
  }

  private void allow(int chunk, int from, int to, int tag) {
    for (int cell = from; cell < to; cell++) {
      List<Integer> more = new ArrayList<>(allowed(chunk, cell));
      more.add(tag);
      allowed.put(place(chunk, cell), more);
    }
  }

  private static int place(int chunk, int cell) {
    return chunk * CELLS + cell;
  }

  private static ChunkId id(int chunk) {
    return new ChunkId(1000L * (chunk / 2), 0, chunk);
  }
}
