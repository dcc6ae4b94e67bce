package tidefs.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.base.Clock;
import tidefs.fs.lifecycle.Rules;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkStore;
import tidefs.store.StoreFault;

/**
 * The places of the cold classes, the rules that hold, and which files were used.
 *
 * <p>Writes note their hour in the inode that they change anyway. Reads of files whose noted hour
 * is older are collected here, a bounded number of them, and brought to the inodes by the
 * lifecycle: so a crash forgets reads of the last moments, as it does POSIX access times. Without
 * rules nothing is noted.
 */
final class Tiers {
  private static final int NOTED = 1 << 16;
  private static final int SECONDS = 3_600;

  private final Map<StorageClass, ChunkStore> places;
  private final Clock clock;
  private final ConcurrentHashMap<Long, Inode> used = new ConcurrentHashMap<>();
  private volatile Rules rules = Rules.NONE;
  private volatile boolean tracks;
  private volatile int hour;

  Tiers(Map<StorageClass, ChunkStore> places, Clock clock) {
    this.places = places;
    this.clock = clock;
    tick();
  }

  /** Where chunks of a cold class are. A {@link StoreFault} if no place is configured. */
  ChunkStore place(StorageClass storageClass) {
    ChunkStore place = places.get(storageClass);
    if (place == null) {
      throw new StoreFault("there is no place for the storage class " + storageClass.text());
    }
    return place;
  }

  boolean has(StorageClass storageClass) {
    return places.containsKey(storageClass);
  }

  Rules rules() {
    return rules;
  }

  void rules(Rules next) {
    tick();
    rules = next;
    tracks = next.any();
    if (!tracks) {
      used.clear();
    }
  }

  /** Looks at the clock. */
  void tick() {
    int now = (int) (clock.now().getEpochSecond() / SECONDS);
    if (now != hour) {
      hour = now;
    }
  }

  /** The hour now, since the epoch. */
  int hour() {
    return hour;
  }

  /** A file's state as it is once it was written to now. */
  InodeState written(InodeState state) {
    if (!tracks || state.type() != FileType.REGULAR) {
      return state;
    }
    Tier tier = state.layout().tier();
    Tier next = tier.accessed(hour);
    return next.equals(tier) ? state : state.withTier(next);
  }

  /** A file is read or, in a cold class, written to. */
  void used(Inode file, InodeState state) {
    if (!tracks) {
      return;
    }
    Tier tier = state.layout().tier();
    boolean news =
        tier.isCold() ? rules.returnsOnAccess() && !tier.returning() : tier.accessHour() < hour;
    if (news && file.usedHour() != hour && used.size() < NOTED) {
      file.usedHour(hour);
      used.put(file.ino(), file);
    }
  }

  /** The files that were used since the last call. */
  List<Inode> takeUsed() {
    List<Inode> taken = new ArrayList<>();
    for (Inode each : used.values()) {
      used.remove(each.ino());
      taken.add(each);
    }
    return taken;
  }
}
