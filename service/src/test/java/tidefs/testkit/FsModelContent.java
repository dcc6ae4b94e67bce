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
