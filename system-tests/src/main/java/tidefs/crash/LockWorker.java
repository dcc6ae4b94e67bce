package tidefs.crash;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.LockType;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Status;
import tidefs.testkit.HeldLock;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;

/** Contends with its like for byte-range locks of one file, and holds them through restarts. */
final class LockWorker extends Worker {
  private static final String FILE = "locks";
  private static final int LOCK_BYTES = 10;

  private final LockTable table;
  private final TreeMap<Integer, HeldLock> held = new TreeMap<>();

  /** Locks that were held once: their owners are known to the server. */
  private final TreeMap<Integer, HeldLock> known = new TreeMap<>();

  private @Nullable OpenFile file;
  private String doing = "nothing";

  LockWorker(Setup setup, LockTable table) {
    super(setup);
    this.table = table;
  }

  @Override
  String doing() {
    return doing;
  }

  private OpenFile file() {
    OpenFile opened = file;
    if (opened == null) {
      throw new IllegalStateException("not open");
    }
    return opened;
  }

  @Override
  void prepare() throws IOException {
    file =
        patiently(
            () -> client().openOrCreate(client().root(), FILE, NewAttributes.none().mode(0644)));
  }

  @Override
  void reclaim() throws IOException {
    OpenFile before = file();
    doing = "reclaiming the open";
    file = patiently(() -> client().reclaim(before, Share.ACCESS_BOTH));
    known.clear();
    for (int lock : List.copyOf(held.keySet())) {
      doing = "reclaiming lock " + lock;
      HeldLock reclaimed =
          patiently(() ->
              client().reclaimLock(file(), owner(lock), LockType.WRITE, offset(lock), LOCK_BYTES));
      held.put(lock, reclaimed);
      known.put(lock, reclaimed);
    }
  }

  @Override
  void verify() {
    // That nobody else was given what was reclaimed shows in the table, at any grant.
  }

  @Override
  void step() throws IOException {
    int lock = random.nextInt(LockTable.LOCKS);
    HeldLock mine = held.get(lock);
    if (mine == null && held.size() < LockTable.LOCKS / 2) {
      doing = "locking " + lock;
      take(lock);
    } else if (mine != null) {
      doing = "unlocking " + lock;
      held.remove(lock);
      table.released(lock, this);
      patiently(() -> {
        client().unlock(mine, offset(lock), LOCK_BYTES);
        return true;
      });
    }
  }

  private void take(int lock) throws IOException {
    HeldLock before = known.get(lock);
    HeldLock granted;
    try {
      if (before == null) {
        granted =
            calm(
                () -> client().lock(file(), owner(lock), LockType.WRITE, offset(lock), LOCK_BYTES));
      } else {
        granted =
            calm(() -> {
              client().lock(before, LockType.WRITE, offset(lock), LOCK_BYTES);
              return before;
            });
      }
    } catch (Denied e) {
      return;
    }
    table.granted(lock, this);
    held.put(lock, granted);
    known.put(lock, granted);
  }

  private <T> T calm(Call<T> call) throws IOException, Denied {
    try {
      return patiently(() -> {
        try {
          return call.run();
        } catch (NfsFailure e) {
          if (e.status() == Status.DENIED) {
            throw new Denied();
          }
          throw e;
        }
      });
    } catch (Denied e) {
      acknowledged.incrementAndGet();
      throw e;
    }
  }

  /** Somebody else has the lock. */
  private static final class Denied extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static String owner(int lock) {
    return "owner of " + lock;
  }

  private static long offset(int lock) {
    return (long) lock * LOCK_BYTES;
  }
}
