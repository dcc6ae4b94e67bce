package tidefs.crash;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a client knows of a file's contents: for each sector the tag it was last given, and, while
 * that is not stable, the tags that a crash may bring back. A sector is its tag repeated; tag 0 is
 * a hole.
 */
final class Contents {
  static final int SECTOR_BYTES = 512;

  private long[] latest = {};
  private int size;

  /** By sector, what it may be: the stable tag first, the latest last. */
  private final TreeMap<Integer, long[]> unstable = new TreeMap<>();

  /** What the size may be, in sectors; the latest among them. */
  private final TreeSet<Integer> sizes = new TreeSet<>();

  Contents() {
    sizes.add(0);
  }

  /** Sectors from {@code from} to {@code to}, exclusive. */
  record Run(int from, int to) {}

  /** The latest size, in sectors. */
  int size() {
    return size;
  }

  /** Whether something is not stable. */
  boolean isUnstable() {
    return !unstable.isEmpty() || sizes.size() > 1;
  }

  /** Sectors are about to get {@code tag}; from now on they may have it. */
  void write(Run run, long tag) {
    if (latest.length < run.to()) {
      latest = Arrays.copyOf(latest, Math.max(run.to(), 2 * latest.length));
    }
    for (int i = run.from(); i < run.to(); i++) {
      long[] may = unstable.getOrDefault(i, new long[] {latest[i]});
      may = Arrays.copyOf(may, may.length + 1);
      may[may.length - 1] = tag;
      unstable.put(i, may);
      latest[i] = tag;
    }
    size = Math.max(size, run.to());
    sizes.add(size);
  }

  /** All that was written is stable. */
  void commit() {
    unstable.clear();
    sizes.clear();
    sizes.add(size);
  }

  /** What was last written to these sectors is stable. */
  void commit(Run run) {
    unstable.subMap(run.from(), run.to()).clear();
    sizes.add(Math.min(size, run.to()));
    sizes.headSet(Math.min(size, run.to())).clear();
  }

  /** The file got another size, and that is stable. */
  void resize(int sectors) {
    if (sectors < size) {
      Arrays.fill(latest, sectors, latest.length, 0);
      unstable.tailMap(sectors, true).clear();
    }
    if (latest.length < sectors) {
      latest = Arrays.copyOf(latest, sectors);
    }
    size = sectors;
    sizes.clear();
    sizes.add(sectors);
  }

  /** The bytes of sectors as they were last written. */
  byte[] bytes(Run run) {
    ByteBuffer bytes = ByteBuffer.allocate((run.to() - run.from()) * SECTOR_BYTES);
    for (int i = run.from(); i < run.to(); i++) {
      for (int at = 0; at < SECTOR_BYTES; at += Long.BYTES) {
        bytes.putLong(latest[i]);
      }
    }
    return bytes.array();
  }

  /** The first run of unstable sectors from {@code from} on, {@code longest} at most. */
  Optional<Run> unstableFrom(int from, int longest) {
    Integer first = unstable.ceilingKey(from);
    if (first == null) {
      return Optional.empty();
    }
    int to = first + 1;
    while (to - first < longest && unstable.containsKey(to)) {
      to++;
    }
    return Optional.of(new Run(first, to));
  }

  /** What is wrong with {@code found}, read after a crash; empty if nothing. */
  Optional<String> compare(byte[] found) {
    int sectors = found.length / SECTOR_BYTES;
    if (found.length % SECTOR_BYTES != 0 || !sizes.contains(sectors)) {
      return Optional.of("has " + found.length + " bytes, not one of " + sizes + " sectors");
    }
    ByteBuffer bytes = ByteBuffer.wrap(found);
    for (int i = 0; i < sectors; i++) {
      long tag = bytes.getLong(i * SECTOR_BYTES);
      for (int at = Long.BYTES; at < SECTOR_BYTES; at += Long.BYTES) {
        if (bytes.getLong(i * SECTOR_BYTES + at) != tag) {
          return Optional.of("sector " + i + " is torn");
        }
      }
      if (!mayBe(i, tag)) {
        return Optional.of(
            "sector %d of %d has tag %x, not one of %s (sizes %s)"
                .formatted(i, sectors, tag, hex(may(i)), sizes));
      }
    }
    return Optional.empty();
  }

  private long[] may(int sector) {
    return unstable.getOrDefault(sector, new long[] {sector < latest.length ? latest[sector] : 0});
  }

  private boolean mayBe(int sector, long tag) {
    for (long each : may(sector)) {
      if (each == tag) {
        return true;
      }
    }
    return false;
  }

  private static String hex(long[] tags) {
    return Arrays.toString(Arrays.stream(tags).mapToObj(Long::toHexString).toArray());
  }
}
