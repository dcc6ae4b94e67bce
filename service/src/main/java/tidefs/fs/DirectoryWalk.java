package tidefs.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.Entries;

/**
 * One listing of a directory: its entries in the order of their cookies, each with the attributes
 * that its inode has now.
 *
 * <p>The order of cookies is none for the inodes: in a directory that is larger than the
 * processor's caches each of them is found anew, four references away from the table of inodes, or
 * in another block of the store than the one before it. So entries go in groups. The inodes of a
 * group are found step by step, each step for all of them, as loads that do not wait for each other
 * overlap; those that are not in memory are read from the store together, in the order of their
 * numbers, if the thread may wait.
 */
final class DirectoryWalk {
  /** Entries whose inodes are found together: few, as a page wastes half a group. */
  private static final int GROUP_ENTRIES = 32;

  private final Core core;
  private final Operation operation;
  private final Inode directory;
  private final InodeState state;
  private final EntrySink sink;
  private final long[] inos = new long[GROUP_ENTRIES];
  private final @Nullable Inode[] known = new Inode[GROUP_ENTRIES];
  private final @Nullable InodeState[] states = new InodeState[GROUP_ENTRIES];
  private boolean taken;

  /** A listing of {@code directory}, as it is in {@code state}. */
  DirectoryWalk(Core core, Operation operation, Inode directory, InodeState state, EntrySink sink) {
    this.core = core;
    this.operation = operation;
    this.directory = directory;
    this.state = state;
    this.sink = sink;
  }

  /**
   * Lists what follows {@code cookie}; true if that was all.
   *
   * @throws WouldBlock if waiting is forbidden, and no entry was taken; if some were, they are an
   *     answer, and the next listing may wait
   */
  boolean from(long cookie) {
    try {
      return all(cookie);
    } catch (WouldBlock e) {
      if (taken) {
        return false;
      }
      throw e;
    }
  }

  private boolean all(long cookie) {
    long after = cookie;
    Listings.Stretch read = core.listings().find(directory.ino(), state, after);
    while (read != null) {
      if (!offer(read, read.after(after), read.count())) {
        return false;
      }
      if (read.toEnd()) {
        return true;
      }
      after = read.lastCookie();
      read = core.listings().find(directory.ino(), state, after);
    }
    return fromStore(after);
  }

  /** Lists from the store, and remembers what it reads. */
  private boolean fromStore(long after) {
    byte[] from = Keys.entry(directory.ino(), after + 1);
    byte[] to = Keys.entry(directory.ino() + 1, 0);
    Listings.Stretch stretch = new Listings.Stretch(after);
    try (Entries entries = core.store().scan(from, to, operation.blocking())) {
      boolean more = true;
      while (more) {
        if (stretch.isFull()) {
          dependOnEntries(stretch);
          stretch = new Listings.Stretch(stretch.lastCookie());
        }
        int first = stretch.count();
        more = readGroup(entries, stretch);
        if (!offer(stretch, first, stretch.count())) {
          return false;
        }
      }
      stretch.endsDirectory();
      return true;
    } finally {
      dependOnEntries(stretch);
    }
  }

  /** Adds the next entries to {@code stretch}; false if the directory ends with them. */
  private static boolean readGroup(Entries entries, Listings.Stretch stretch) {
    int count = 0;
    while (count < GROUP_ENTRIES && !stretch.isFull()) {
      if (!entries.next()) {
        return false;
      }
      DirectoryEntry entry = DirectoryEntry.decode(entries.value());
      if (!entry.left()) {
        stretch.add(Keys.cookie(entries.key()), entry);
        count++;
      }
    }
    return true;
  }

  /** Offers entries of a stretch; false if the listing ends before {@code to}. */
  private boolean offer(Listings.Stretch stretch, int from, int to) {
    int first = from;
    while (first < to) {
      int count = Math.min(GROUP_ENTRIES, to - first);
      findStates(stretch, first, count);
      for (int i = 0; i < count; i++) {
        InodeState of = states[i];
        if (of == null || of.unlinked()) {
          continue; // Removed since the listing began.
        }
        DirectoryEntry entry = stretch.entry(first + i);
        if (!sink.entry(stretch.cookie(first + i), entry.name(), entry.ino(), of.attributes())) {
          return false;
        }
        taken = true;
      }
      first += count;
    }
    return true;
  }

  /** Finds the states of inodes, in memory or in the store; null for those that are gone. */
  private void findStates(Listings.Stretch stretch, int first, int count) {
    for (int i = 0; i < count; i++) {
      inos[i] = stretch.entry(first + i).ino();
    }
    core.table().peek(inos, count, known);
    int missing = 0;
    for (int i = 0; i < count; i++) {
      Inode inode = known[i];
      states[i] = inode == null ? null : inode.state();
      missing += inode == null ? 1 : 0;
    }
    for (int i = 0; i < count; i++) {
      Inode inode = known[i];
      InodeState of = states[i];
      if (inode != null && of != null) {
        operation.dependOn(of.sequence());
        states[i] = inode.gone() ? null : of;
      }
    }
    if (missing > 0) {
      readStates(count, missing);
    }
  }

  /** Reads the states of the inodes that are not in memory; listing does not fill the cache. */
  private void readStates(int count, int missing) {
    if (operation.blocking() == Blocking.FORBIDDEN) {
      readOneByOne(count);
    } else {
      readTogether(count, missing);
    }
    operation.dependOn(core.store().appliedSequence());
  }

  private void readOneByOne(int count) {
    for (int i = 0; i < count; i++) {
      if (known[i] == null) {
        byte[] key = Keys.inode(inos[i]);
        states[i] = decode(inos[i], core.store().get(key, operation.blocking()).orElse(null));
      }
    }
  }

  private void readTogether(int count, int missing) {
    long[] wanted = new long[missing];
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (known[i] == null) {
        wanted[next++] = inos[i];
      }
    }
    Arrays.sort(wanted);
    List<byte[]> keys = new ArrayList<>(missing);
    for (long ino : wanted) {
      keys.add(Keys.inode(ino));
    }
    List<byte @Nullable []> read = core.store().getAll(keys);
    for (int i = 0; i < count; i++) {
      if (known[i] == null) {
        states[i] = decode(inos[i], read.get(Arrays.binarySearch(wanted, inos[i])));
      }
    }
  }

  private static @Nullable InodeState decode(long ino, byte @Nullable [] bytes) {
    return bytes == null ? null : InodeCodec.decode(ino, bytes, 0);
  }

  /**
   * The answer depends on the entries that were just read from the store. If the directory has not
   * changed since the listing began, they are remembered.
   */
  private void dependOnEntries(Listings.Stretch read) {
    if (directory.tryLock()) { // Then every change that could be read has been published.
      try {
        operation.dependOn(directory.state().sequence());
        if (isNow(directory, state)) {
          core.listings().remember(directory.ino(), state, read);
        }
      } finally {
        directory.unlock();
      }
    } else {
      operation.dependOn(core.store().appliedSequence());
    }
  }

  @SuppressWarnings("ReferenceEquality") // Each change publishes a new object.
  private static boolean isNow(Inode directory, InodeState state) {
    return directory.state() == state;
  }
}
