package tidefs.fs;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of directories that were listed lately, in the order of their cookies: whoever lists
 * a directory that has not changed since need not ask the store. Bounded; the directory that was
 * not listed for longest goes first.
 *
 * <p>What is remembered counts for one state of the directory, by identity: every change of a
 * directory's entries publishes a new one.
 */
final class Listings {
  /** The most entries of one stretch. */
  private static final int STRETCH_ENTRIES = 4_096;

  /** What an entry takes besides its name. */
  private static final int ENTRY_BYTES = 80;

  private final long mostBytes;
  private final LinkedHashMap<Long, Listing> listings = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** What is remembered of one directory as it was in {@code state}. */
  private static final class Listing {
    private final InodeState state;
    private final TreeMap<Long, Stretch> stretches = new TreeMap<>();
    private long bytes;

    Listing(InodeState state) {
      this.state = state;
    }
  }

  /** Entries that follow one another, with none between. Immutable once it is remembered. */
  static final class Stretch {
    private final long from;
    private long[] cookies = new long[64];
    private DirectoryEntry[] entries = new DirectoryEntry[64];
    private int count;
    private long bytes;
    private boolean toEnd;

    /** Entries whose cookies are above {@code from}. */
    Stretch(long from) {
      this.from = from;
    }

    /** Adds the next entry, unless the stretch is full. */
    void add(long cookie, DirectoryEntry entry) {
      if (count == STRETCH_ENTRIES) {
        return;
      }
      if (count == cookies.length) {
        cookies = Arrays.copyOf(cookies, count * 2);
        entries = Arrays.copyOf(entries, count * 2);
      }
      cookies[count] = cookie;
      entries[count++] = entry;
      bytes += ENTRY_BYTES + entry.name().length;
    }

    /** Nothing follows the entry that was added last. */
    void endsDirectory() {
      toEnd = count < STRETCH_ENTRIES;
    }

    /** Whether the directory has no entry behind this stretch. */
    boolean toEnd() {
      return toEnd;
    }

    int count() {
      return count;
    }

    long cookie(int index) {
      return cookies[index];
    }

    DirectoryEntry entry(int index) {
      return entries[index];
    }

    /** The index of the first entry whose cookie is above {@code cookie}. */
    int after(long cookie) {
      int found = Arrays.binarySearch(cookies, 0, count, cookie);
      return found < 0 ? -found - 1 : found + 1;
    }

    /** Whether it tells what follows {@code cookie}. */
    private boolean covers(long cookie) {
      return toEnd || (count > 0 && cookie < cookies[count - 1]);
    }
  }

  /** Remembers at most about {@code bytes} of entries. */
  Listings(long bytes) {
    mostBytes = bytes;
  }

  /** Entries of {@code directory}, as it is in {@code state}, that follow {@code cookie}. */
  synchronized @Nullable Stretch find(long directory, InodeState state, long cookie) {
    Listing listing = listings.get(directory);
    if (listing == null) {
      return null;
    }
    if (!same(listing.state, state)) {
      return null;
    }
    Map.Entry<Long, Stretch> before = listing.stretches.floorEntry(cookie);
    return before != null && before.getValue().covers(cookie) ? before.getValue() : null;
  }

  /** Remembers entries of {@code directory}, whose lock the caller holds and whose state it is. */
  synchronized void remember(long directory, InodeState state, Stretch stretch) {
    Listing listing = listings.get(directory);
    if (listing == null || !same(listing.state, state)) {
      forget(directory);
      listing = new Listing(state);
      listings.put(directory, listing);
    }
    Stretch replaced = listing.stretches.put(stretch.from, stretch);
    long more = stretch.bytes - (replaced == null ? 0 : replaced.bytes);
    listing.bytes += more;
    bytes += more;
    Iterator<Listing> eldest = listings.values().iterator();
    while (bytes > mostBytes && eldest.hasNext()) { // The directory's own last, if need be.
      bytes -= eldest.next().bytes;
      eldest.remove();
    }
  }

  private void forget(long directory) {
    Listing old = listings.remove(directory);
    if (old != null) {
      bytes -= old.bytes;
    }
  }

  @SuppressWarnings("ReferenceEquality") // Each change publishes a new object.
  private static boolean same(InodeState a, InodeState b) {
    return a == b;
  }
}
