package tidefs.testkit;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Bytes of a file, by blocks that were written. */
public final class FsModelContent {
  private static final int BLOCK = 4_096;

  /** Bytes. */
  public long size;

  private final TreeMap<Long, byte[]> blocks = new TreeMap<>();
  private boolean small = true;

  FsModelContent copy() {
    FsModelContent copy = new FsModelContent();
    copy.size = size;
    copy.small = small;
    blocks.forEach((at, bytes) -> copy.blocks.put(at, bytes.clone()));
    return copy;
  }

  /** The bytes went to or came from the inode, where there are no holes. */
  public void inInode(boolean now) {
    small = now;
  }

  long space() {
    long whole = (size + BLOCK - 1) / BLOCK * BLOCK;
    return Math.max(BLOCK, Math.min(whole, (long) blocks.size() * BLOCK));
  }

  /** The bytes that a read gives. */
  public byte[] read(long offset, int count) {
    int there = Math.clamp(size - offset, 0, count);
    byte[] bytes = new byte[there];
    for (Map.Entry<Long, byte[]> each :
        blocks.subMap(offset / BLOCK, true, (offset + there) / BLOCK, true).entrySet()) {
      long start = each.getKey() * BLOCK;
      long from = Math.max(start, offset);
      long end = Math.min(start + BLOCK, offset + there);
      if (from < end) {
        System.arraycopy(
            each.getValue(),
            (int) (from - start),
            bytes,
            (int) (from - offset),
            (int) (end - from));
      }
    }
    return bytes;
  }

  void write(long offset, byte[] bytes) {
    resize(Math.max(size, offset + bytes.length), false);
    for (int i = 0; i < bytes.length; i++) {
      long at = offset + i;
      blocks.computeIfAbsent(at / BLOCK, _ -> new byte[BLOCK])[(int) (at % BLOCK)] = bytes[i];
    }
    settle();
  }

  /** Where the next data or hole begins; the size if there is none. */
  public long seek(long offset, boolean data) {
    if (small) {
      return data ? offset : size;
    }
    for (long block = offset / BLOCK; block * BLOCK < size; block++) {
      if (blocks.containsKey(block) == data) {
        return Math.max(offset, block * BLOCK);
      }
      Long next = blocks.ceilingKey(block);
      if (data && (next == null || next > block + 1)) {
        block = next == null ? size / BLOCK : next - 1;
      }
    }
    return size;
  }

  void punch(long offset, long end) {
    long stop = Math.min(end, size);
    for (long at = offset; at < stop; ) {
      long block = at / BLOCK;
      Long known = blocks.ceilingKey(block);
      if (known == null) {
        return;
      }
      if (known > block) {
        at = known * BLOCK;
        continue;
      }
      long next = Math.min(stop, (block + 1) * BLOCK);
      if (!small && at % BLOCK == 0 && (next == size || next % BLOCK == 0)) {
        blocks.remove(block);
      } else {
        int from = (int) (at - block * BLOCK);
        Arrays.fill(blocks.get(block), from, (int) (from + next - at), (byte) 0);
      }
      at = next;
    }
  }

  /**
   * Gets bytes and holes of {@code source} (perhaps itself) from {@code from} on, at {@code to}.
   */
  void clone(FsModelContent source, long from, long to, long count) {
    FsModelContent before = source.copy();
    long end = to + count;
    long first = to / BLOCK;
    long last = (end + BLOCK - 1) / BLOCK;
    size = Math.max(size, end);
    blocks.subMap(first, last).clear();
    before
        .blocks
        .subMap(from / BLOCK, (from + count + BLOCK - 1) / BLOCK)
        .forEach((block, bytes) -> blocks.put(block - from / BLOCK + first, bytes.clone()));
    small = size <= BLOCK;
    settle();
  }

  void resize(long newSize) {
    resize(newSize, true);
    settle();
  }

  private void resize(long newSize, boolean whole) {
    if (newSize < size) {
      blocks.tailMap((newSize + BLOCK - 1) / BLOCK, true).clear();
      byte[] last = blocks.get(newSize / BLOCK);
      if (last != null) {
        Arrays.fill(last, (int) (newSize % BLOCK), BLOCK, (byte) 0);
      }
    }
    size = newSize;
    small = whole && newSize == 0 || small && newSize <= BLOCK;
  }

  private void settle() {
    if (small && size > 0) {
      blocks.computeIfAbsent(0L, _ -> new byte[BLOCK]);
    }
  }
}
