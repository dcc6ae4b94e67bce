package tidefs.nfs4.state;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What the files of one volume have in common as to delegations: how many there are, and which
 * files had better not be delegated now.
 *
 * <p>Files are told apart by a hash of their number, so that nothing is kept of a file that nobody
 * has open; two files that share a place cost one of them a delegation at most.
 */
public final class Delegations {
  private static final int PLACES = 8_192;

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();

  /** How many changes of files that need not be open are under way. */
  private final AtomicIntegerArray changing = new AtomicIntegerArray(PLACES);

  /** Until when files are not delegated, as they were recalled a short while ago; 0 for none. */
  private volatile @Nullable AtomicLongArray paused;

  /** Who has opened which file to read, the last one at each place. */
  private volatile @Nullable AtomicLongArray readers;

  /** Whether any file is delegated. */
  public boolean any() {
    return reads.get() != 0 || writes.get() != 0;
  }

  /** Whether any file is delegated for writing. */
  public boolean anyWrites() {
    return writes.get() != 0;
  }

  /**
   * Keeps a file from being delegated until {@link #changed}: someone changes it, or is about to.
   * Who asks for delegations in its way after this call finds all that there will be.
   *
   * @return what {@link #changed} is to be told
   */
  public int changing(long ino) {
    int place = place(ino);
    changing.incrementAndGet(place);
    return place;
  }

  /** The change is done, or was refused. */
  public void changed(int place) {
    changing.decrementAndGet(place);
  }

  /**
   * Whether this client has opened this file to read the last time that anyone did who shares its
   * place: a client that comes back is one that a delegation may spare a way.
   */
  public boolean comesBack(long clientId, long ino) {
    AtomicLongArray all = readers;
    if (all == null) {
      synchronized (this) {
        all = readers == null ? new AtomicLongArray(PLACES) : readers;
        readers = all;
      }
    }
    long mark = mix(ino * 31 + clientId) | 1;
    int place = place(ino + clientId);
    if (all.get(place) == mark) {
      return true;
    }
    all.set(place, mark);
    return false;
  }

  /** The file was recalled: it is not delegated again for a while. */
  void pause(long ino, long nowNanos) {
    AtomicLongArray all = paused;
    if (all == null) {
      synchronized (this) {
        all = paused == null ? new AtomicLongArray(PLACES) : paused;
        paused = all;
      }
    }
    all.set(place(ino), (nowNanos + Limits.DELEGATION_PAUSE.toNanos()) | 1);
  }

  private boolean isPaused(int place, long nowNanos) {
    AtomicLongArray all = paused;
    long until = all == null ? 0 : all.get(place);
    return until != 0 && until - nowNanos > 0;
  }

  /** Counts a delegation that has been listed; false, and it is not counted, if it may not be. */
  boolean add(Delegation.Kind kind, long ino, long nowNanos) {
    AtomicInteger count = count(kind);
    count.incrementAndGet();
    int place = place(ino);
    if (reads.get() + writes.get() > Limits.DELEGATIONS_PER_VOLUME
        || changing.get(place) != 0
        || isPaused(place, nowNanos)) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Counts one less. */
  void remove(Delegation.Kind kind) {
    count(kind).decrementAndGet();
  }

  private AtomicInteger count(Delegation.Kind kind) {
    return kind == Delegation.Kind.READ ? reads : writes;
  }

  private static int place(long ino) {
    return (int) (mix(ino) >>> 16) & (PLACES - 1);
  }

  private static long mix(long value) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }
}
