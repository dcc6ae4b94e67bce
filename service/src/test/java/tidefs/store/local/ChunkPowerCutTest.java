package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tidefs.store.ChunkId;
import tidefs.store.StoreFault;
import tidefs.testkit.PowerCutIo;

/**
 * Takes the power away from a chunk store ({@code -Dcuts=}, {@code -Dseed=}): what was synced is
 * there, what was not is old or new, sector by sector.
 */
final class ChunkPowerCutTest {
  private static final Path ROOT = Path.of("/disk");
  private static final int SECTOR_BYTES = 512;
  private static final int SECTORS = 16;
  private static final int CHUNKS = 5;
  private static final int CUTS_PER_DISK = 6;

  private final long seed = Long.getLong("seed", 1);
  private final Random random = new Random(seed);
  private PowerCutIo io = new PowerCutIo(seed, ROOT);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SECTORS * SECTOR_BYTES);

  /** The tags that each sector may have: the last synced one, and those written since. */
  private final Map<Integer, List<Integer>> allowed = new HashMap<>();

  private int lastTag;
  private int lastChunk;

  @Test
  void whatWasSyncedIsThere() {
    int cuts = Integer.getInteger("cuts", 400);
    int steps = 0;
    try (ChunkResources resources = new ChunkResources(16 << 10)) {
      for (int cut = 0; cut < cuts; cut++) {
        if (cut % CUTS_PER_DISK == 0) { // Else all directories are durable some day.
          io = new PowerCutIo(random.nextLong(), ROOT);
          allowed.clear();
        }
        io.cutAfter(1 + random.nextInt(120));
        try {
          LocalChunkStore store = LocalChunkStore.open(io, ROOT.resolve("chunks"), resources);
          try {
            check(store, cut);
            while (true) {
              step(store);
              steps++;
            }
          } finally {
            store.close();
          }
        } catch (CompletionException | StoreFault e) {
          assertThat(io.isCut()).as("seed %d cut %d: %s", seed, cut, e).isTrue();
        }
        io.restore();
      }
    }
    assertThat(steps).isGreaterThan(cuts);
  }

  private void check(LocalChunkStore store, int cut) {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      store.read(id(chunk), 0, buffer.clear()).join();
      for (int sector = 0; sector < SECTORS; sector++) {
        int tag = buffer.getInt(sector * SECTOR_BYTES);
        for (int i = 0; i < SECTOR_BYTES; i += 4) {
          assertThat(buffer.getInt(sector * SECTOR_BYTES + i)).isEqualTo(tag);
        }
        int key = chunk * SECTORS + sector;
        assertThat(allowed.getOrDefault(key, List.of(0)))
            .as("seed %d cut %d chunk %d sector %d", seed, cut, chunk, sector)
            .contains(tag);
      }
    }
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      if (isUncertain(chunk)) { // What is seen may be in memory only: make it so, and durable.
        store.read(id(chunk), 0, buffer.clear()).join();
        store.write(id(chunk), 0, buffer).join();
        store.sync(List.of(id(chunk))).join();
        for (int sector = 0; sector < SECTORS; sector++) {
          allowed.put(chunk * SECTORS + sector, List.of(buffer.getInt(sector * SECTOR_BYTES)));
        }
      }
    }
  }

  private boolean isUncertain(int chunk) {
    return IntStream.range(chunk * SECTORS, (chunk + 1) * SECTORS)
        .anyMatch(key -> allowed.getOrDefault(key, List.of(0)).size() > 1);
  }

  private void step(LocalChunkStore store) {
    int chunk = random.nextInt(3) == 0 ? random.nextInt(CHUNKS) : lastChunk;
    lastChunk = chunk;
    if (random.nextInt(3) == 0) {
      store.sync(List.of(id(chunk))).join();
      for (int sector = 0; sector < SECTORS; sector++) {
        int key = chunk * SECTORS + sector;
        allowed.put(key, List.of(allowed.getOrDefault(key, List.of(0)).getLast()));
      }
      return;
    }
    if (random.nextInt(5) == 0) {
      for (int sector = 0; sector < SECTORS; sector++) {
        allow(chunk * SECTORS + sector, 0);
      }
      if (random.nextBoolean()) {
        store.remove(id(chunk)).join();
      } else {
        store.truncate(id(chunk), 0).join();
      }
      return;
    }
    int from = random.nextInt(SECTORS);
    int to = from + 1 + random.nextInt(SECTORS - from);
    lastTag++;
    buffer.clear().limit((to - from) * SECTOR_BYTES);
    for (int i = 0; i < buffer.limit(); i += 4) {
      buffer.putInt(i, lastTag);
    }
    for (int sector = from; sector < to; sector++) {
      allow(chunk * SECTORS + sector, lastTag);
    }
    store.write(id(chunk), from * SECTOR_BYTES, buffer).join();
  }

  private void allow(int key, int tag) {
    List<Integer> before = allowed.getOrDefault(key, List.of(0));
    allowed.put(
        key,
        java.util.stream.Stream.concat(before.stream(), java.util.stream.Stream.of(tag)).toList());
  }

  private static ChunkId id(int chunk) {
    return new ChunkId(1000L * (chunk / 2), 0, chunk);
  }
}
