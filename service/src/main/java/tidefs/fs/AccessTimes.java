package tidefs.fs;

import java.util.function.BooleanSupplier;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.Entries;

/**
 * Brings to the inodes when files were last accessed: what was collected in memory, and, for files
 * that were there before there were rules, the latest of the times that they carry.
 */
final class AccessTimes {
  private static final byte[] DONE = {1};
  private static final int STEP = 256;
  private static final long SECONDS = 3_600;

  private final Core core;
  private volatile boolean known;
  private long cursor;

  AccessTimes(Core core) {
    this.core = core;
    known = core.store().get(Keys.INDEXED, Blocking.ALLOWED).isPresent();
  }

  /** True if every file stands in a queue. */
  boolean known() {
    return known;
  }

  /** There are no rules any more: what happens from now on is not noted. */
  void forget() {
    known = false;
    cursor = 0;
    core.store().apply(new Batch().delete(Keys.INDEXED), Blocking.ALLOWED);
  }

  /** Notes in their inodes which files were used. */
  void flush() {
    for (Inode each : core.tiers().takeUsed()) {
      each.lock(Blocking.ALLOWED);
      try {
        if (!each.gone()) {
          note(each);
        }
      } finally {
        each.unlock();
      }
    }
  }

  private void note(Inode file) {
    Tier tier = file.state().layout().tier();
    if (!tier.isCold()) {
      set(file, tier.accessed(Math.max(tier.accessHour(), file.usedHour())));
    } else if (core.tiers().rules().returnsOnAccess()) {
      set(file, tier.returningNow());
    }
  }

  private void set(Inode file, Tier next) {
    if (!next.equals(file.state().layout().tier())) {
      Update update = new Update(core, new Operation(Credentials.ROOT, Blocking.ALLOWED));
      update.set(file, file.state().withTier(next));
      update.apply();
    }
  }

  /** Takes up files of which no access is known, in bounded steps. */
  void index(BooleanSupplier goesOn) {
    while (!known && goesOn.getAsBoolean()) {
      long[] inos = new long[STEP];
      int count = 0;
      try (Entries inodes =
          core.store().scan(Keys.inode(cursor), Keys.end(Keys.INODE), Blocking.ALLOWED)) {
        while (count < STEP && inodes.next()) {
          inos[count++] = Keys.number(inodes.key());
        }
      }
      for (int i = 0; i < count; i++) {
        index(inos[i]);
      }
      if (count < STEP) {
        core.store().apply(new Batch().put(Keys.INDEXED, DONE), Blocking.ALLOWED);
        known = true;
        cursor = 0;
      } else {
        cursor = inos[count - 1] + 1;
      }
    }
  }

  private void index(long ino) {
    try {
      Inode file = core.load(new Operation(Credentials.ROOT, Blocking.ALLOWED), ino);
      if (file.type() != FileType.REGULAR) {
        return;
      }
      file.lock(Blocking.ALLOWED);
      try {
        Tier tier = file.state().layout().tier();
        if (!file.gone()) {
          set(file, tier.accessed(Math.max(tier.accessHour(), latest(file.state()))));
        }
      } finally {
        file.unlock();
      }
    } catch (FsException e) {
      // It is gone.
    }
  }

  private int latest(InodeState file) {
    Attributes times = file.attributes();
    long seconds =
        Math.max(
            times.created().seconds(),
            Math.max(times.accessed().seconds(), times.modified().seconds()));
    return (int) Math.max(1, Math.min(seconds / SECONDS, core.tiers().hour()));
  }
}
