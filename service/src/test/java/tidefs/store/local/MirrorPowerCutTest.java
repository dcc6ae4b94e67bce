package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.store.ChunkId;
import tidefs.store.StoreFault;
import tidefs.testkit.FaultIo;
import tidefs.testkit.ManualClock;
import tidefs.testkit.PowerCutIo;

/**
 * Takes the power away from a mirror ({@code -Dcuts=}, {@code -Dseed=}), of which a place is away
 * now and then. What was synced is there, from whichever place it is read; and what was read once
 * is read again as long as nobody writes, though it may never have been synced.
 */
final class MirrorPowerCutTest {
  private static final Path ROOT = Path.of("/disk");
  private static final int SECTOR_BYTES = 512;
  private static final int SECTORS = 8;
  private static final int CHUNKS = 6;
  private static final int CUTS_PER_DISK = 8;
  private static final String[] PLACES = {"/near/", "/far/"};

  private final long seed = Long.getLong("seed", 1);
  private final Random random = new Random(seed);
  private final ManualClock clock = new ManualClock();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SECTORS * SECTOR_BYTES);
  private PowerCutIo disk = new PowerCutIo(seed, ROOT);
  private FaultIo io = new FaultIo(disk);

  /** The tags that each sector may have: the last synced one, and those written since. */
  private final Map<Integer, List<Integer>> allowed = new HashMap<>();

  /** The tags that are to be read in this life of the process, once they were read or written. */
  private final Map<Integer, Integer> now = new HashMap<>();

  /** The chunks that were changed in this life. */
  private final Set<Integer> changed = new HashSet<>();

  private int lastTag;
  private int away = -1;
  private int outages;
  private int returns;

  @Test
  void placesAgreeAndWhatWasSyncedIsThere() {
    int cuts = Integer.getInteger("cuts", 100);
    try (ChunkResources resources = new ChunkResources(1 << 20)) {
      for (int cut = 0; cut < cuts; cut++) {
        if (cut % CUTS_PER_DISK == 0) {
          newDisk();
        }
        disk.cutAfter(1 + random.nextInt(600));
        now.clear();
        changed.clear();
        try {
          live(resources, cut);
        } catch (CompletionException | StoreFault e) {
          assertThat(disk.isCut()).as("seed %d cut %d: %s", seed, cut, e).isTrue();
        }
        heal();
        disk.restore();
      }
    }
    assertThat(outages).isGreaterThan(cuts / 4);
    assertThat(returns).isGreaterThan(cuts / 8);
  }

  private void newDisk() {
    disk = new PowerCutIo(random.nextLong(), ROOT);
    for (String folder : List.of("near", "far", "fs-1")) {
      disk.createDirectory(ROOT.resolve(folder));
    }
    disk.syncDirectory(ROOT);
    io = new FaultIo(disk);
    away = -1;
    allowed.clear();
  }

  private void live(ChunkResources resources, int cut) {
    MirroredChunkStore store =
        MirroredChunkStore.open(
            new MirroredChunkStore.Setup(
                io, ROOT.resolve("fs-1/mirror"), resources, clock, Chance.system()),
            List.of(
                MirrorSite.in(ROOT.resolve("near"), "fs-1"),
                MirrorSite.in(ROOT.resolve("far"), "fs-1")),
            Optional.empty());
    try {
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        look(store, chunk, cut);
      }
      while (!disk.isCut()) {
        step(store, cut);
      }
    } finally {
      store.close();
    }
  }

  private void step(MirroredChunkStore store, int cut) {
    int chunk = random.nextInt(CHUNKS);
    switch (random.nextInt(24)) {
      case 0 -> {
        if (away < 0 && isWhole(store)) {
          fail(random.nextInt(PLACES.length));
        }
      }
      case 1, 2 -> {
        heal();
        store.repair(_ -> {}, () -> true);
        returns += isWhole(store) ? 1 : 0;
      }
      case 3 -> {
        clock.advance(Duration.ofMinutes(1));
        store.tend();
      }
      case 4, 5, 6, 7 -> sync(store, chunk);
      case 8, 9 -> {
        allow(chunk, 0, SECTORS, 0);
        if (random.nextBoolean()) {
          store.remove(id(chunk)).join();
        } else {
          store.truncate(id(chunk), 0).join();
        }
      }
      case 10, 11, 12, 13, 14 -> look(store, chunk, cut);
      default -> write(store, chunk);
    }
  }

  private static boolean isWhole(MirroredChunkStore store) {
    return store.status().stream().allMatch(each -> each.standing() == MirrorStatus.Standing.WHOLE);
  }

  private void fail(int place) {
    outages++;
    away = place;
    io.fail(
        PLACES[place],
        FaultIo.Fault.ERROR,
        FaultIo.Kind.OPEN,
        FaultIo.Kind.READ,
        FaultIo.Kind.WRITE,
        FaultIo.Kind.SYNC);
  }

  private void heal() {
    away = -1;
    io.heal();
  }

  private void sync(MirroredChunkStore store, int chunk) {
    store.sync(List.of(id(chunk))).join();
    for (int i = chunk * SECTORS; i < (chunk + 1) * SECTORS && changed.contains(chunk); i++) {
      allowed.put(i, new ArrayList<>(List.of(now.get(i))));
    }
  }

  private void write(MirroredChunkStore store, int chunk) {
    int from = random.nextInt(SECTORS);
    int to = from + 1 + random.nextInt(SECTORS - from);
    lastTag++;
    buffer.clear().limit((to - from) * SECTOR_BYTES);
    for (int i = 0; i < buffer.limit(); i += Integer.BYTES) {
      buffer.putInt(i, lastTag);
    }
    allow(chunk, from, to, lastTag);
    store.write(id(chunk), from * SECTOR_BYTES, buffer).join();
  }

  private void look(MirroredChunkStore store, int chunk, int cut) {
    store.read(id(chunk), 0, buffer.clear()).join();
    for (int sector = 0; sector < SECTORS; sector++) {
      int tag = buffer.getInt(sector * SECTOR_BYTES);
      int key = chunk * SECTORS + sector;
      assertThat(allowed.getOrDefault(key, List.of(0)))
          .as("seed %d cut %d chunk %d sector %d away %d", seed, cut, chunk, sector, away)
          .contains(tag);
      assertThat(tag)
          .as("seed %d cut %d chunk %d sector %d: read before", seed, cut, chunk, sector)
          .isEqualTo(now.getOrDefault(key, tag));
      now.put(key, tag);
    }
  }

  private void allow(int chunk, int from, int to, int tag) {
    changed.add(chunk);
    for (int sector = from; sector < to; sector++) {
      int key = chunk * SECTORS + sector;
      allowed.computeIfAbsent(key, _ -> new ArrayList<>(List.of(0))).add(tag);
      now.put(key, tag);
    }
  }

  private static ChunkId id(int chunk) {
    return new ChunkId(1000L * (chunk / 2), 0, chunk);
  }
}
