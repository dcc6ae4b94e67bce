package tidefs.metrics;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * How samples are distributed: how many have which value. Exact up to {@link
 * Limits#DISTRIBUTION_BUCKETS} different values; with more, neighbours share a bucket, which is as
 * wide as it must be for all to fit. Immutable.
 *
 * <p>A bucket's key is the bit pattern of a double without its lowest {@code shift} bits. Patterns
 * of numbers that are not negative have the order of the numbers, so buckets are logarithmic, and
 * those of a larger shift are unions of those of a smaller one: distributions merge in any order
 * with the same result. 512 buckets over a factor of a million are 3 % wide or less.
 */
public final class Distribution {
  /** Of no samples, or of samples that are not known. */
  public static final Distribution NONE = new Distribution(0, new long[0], new double[0]);

  private static final int MOST_BYTES_OF_VARINT = 10;

  private final int shift;
  private final long[] keys;
  private final double[] counts;

  private Distribution(int shift, long[] keys, double[] counts) {
    this.shift = shift;
    this.keys = keys;
    this.counts = counts;
  }

  /** Of {@code count} samples of the same {@code value}, which is not negative. */
  public static Distribution of(double value, double count) {
    // Adding 0 makes a negative zero a positive one.
    return new Distribution(
        0, new long[] {Double.doubleToRawLongBits(value + 0.0)}, new double[] {count});
  }

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return keys.length == 0;
  }

  /** These samples and {@code more}. */
  public Distribution plus(Distribution more) {
    int common = Math.max(shift, more.shift);
    long[] mergedKeys = new long[keys.length + more.keys.length];
    double[] mergedCounts = new double[mergedKeys.length];
    int size = 0;
    int mine = 0;
    int its = 0;
    while (mine < keys.length || its < more.keys.length) {
      boolean takeMine =
          its == more.keys.length
              || (mine < keys.length && key(mine, common) <= more.key(its, common));
      long key = takeMine ? key(mine, common) : more.key(its, common);
      double count = takeMine ? counts[mine++] : more.counts[its++];
      size = append(mergedKeys, mergedCounts, size, key, count);
    }
    while (size > Limits.DISTRIBUTION_BUCKETS) {
      common++;
      int coarse = 0;
      for (int i = 0; i < size; i++) {
        coarse = append(mergedKeys, mergedCounts, coarse, mergedKeys[i] >>> 1, mergedCounts[i]);
      }
      size = coarse;
    }
    return new Distribution(
        common, Arrays.copyOf(mergedKeys, size), Arrays.copyOf(mergedCounts, size));
  }

  private long key(int index, int coarser) {
    return keys[index] >>> (coarser - shift);
  }

  /** Adds to the last bucket if it has this key, or begins one. Returns how many there are. */
  private static int append(long[] keys, double[] counts, int size, long key, double count) {
    if (size > 0 && keys[size - 1] == key) {
      counts[size - 1] += count;
      return size;
    }
    keys[size] = key;
    counts[size] = count;
    return size + 1;
  }

  /** Values that some samples have, or are near to. */
  public record Bucket(double value, double count) {}

  /** The buckets, by ascending values: of a bucket that is not exact, the middle. */
  public List<Bucket> buckets() {
    Bucket[] buckets = new Bucket[keys.length];
    for (int i = 0; i < keys.length; i++) {
      double low = Double.longBitsToDouble(keys[i] << shift);
      long highest = (keys[i] << shift) + (1L << shift) - 1;
      double high = Double.longBitsToDouble(highest);
      double middle = shift == 0 || !Double.isFinite(high) ? low : low + (high - low) / 2;
      buckets[i] = new Bucket(middle, counts[i]);
    }
    return List.of(buckets);
  }

  /** How many buckets there are. */
  public int size() {
    return keys.length;
  }

  /** The most bytes that {@link #encode} writes. */
  int mostEncodedBytes() {
    return 3 + keys.length * (MOST_BYTES_OF_VARINT + Double.BYTES + 1);
  }

  /** Number of buckets (16 bits), shift (8 bits), and for each the key's step and the count. */
  void encode(ByteBuffer out) {
    out.putShort((short) keys.length);
    if (keys.length == 0) {
      return;
    }
    out.put((byte) shift);
    long before = 0;
    for (int i = 0; i < keys.length; i++) {
      putVarint(out, keys[i] - before);
      before = keys[i];
      // Whole counts, as nearly all are, are short; 0 says that a double follows.
      boolean whole = counts[i] == Math.rint(counts[i]) && counts[i] >= 1 && counts[i] < 1L << 53;
      putVarint(out, whole ? (long) counts[i] : 0);
      if (!whole) {
        out.putDouble(counts[i]);
      }
    }
  }

  static Distribution decode(ByteBuffer in) {
    int size = Short.toUnsignedInt(in.getShort());
    if (size == 0) {
      return NONE;
    }
    int shift = in.get();
    long[] keys = new long[size];
    double[] counts = new double[size];
    long before = 0;
    for (int i = 0; i < size; i++) {
      before += varint(in);
      keys[i] = before;
      long whole = varint(in);
      counts[i] = whole == 0 ? in.getDouble() : whole;
    }
    return new Distribution(shift, keys, counts);
  }

  private static void putVarint(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int bits = 0; ; bits += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << bits;
      if (next >= 0) {
        return value;
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Distribution its
        && shift == its.shift
        && Arrays.equals(keys, its.keys)
        && Arrays.equals(counts, its.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(keys) + 31 * Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return buckets().toString();
  }
}
