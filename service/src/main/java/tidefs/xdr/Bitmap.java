package tidefs.xdr;

/**
 * A bitmap4 (RFC 8881 §3.3.7): a set of small numbers, as a value of two words. Numbers of {@value
 * #UNKNOWN} and above, which no RFC assigns, are all kept as {@value #UNKNOWN}: enough to know that
 * something unknown was asked for.
 *
 * @param low the numbers 0 to 63, bit by bit
 * @param high the numbers 64 to 127, bit by bit
 */
public record Bitmap(long low, long high) {
  /** Stands for every number from here on. */
  public static final int UNKNOWN = 127;

  /** The empty set. */
  public static final Bitmap EMPTY = new Bitmap(0, 0);

  /** The most words that are accepted on the wire. */
  static final int MAX_WORDS = 32;

  /** The set of the given numbers, each from 0 to {@value #UNKNOWN}. */
  public static Bitmap of(int... numbers) {
    Bitmap set = EMPTY;
    for (int number : numbers) {
      set = set.with(number);
    }
    return set;
  }

  /** Whether {@code number} (0 to 127) is in this set. */
  public boolean has(int number) {
    return (((number < Long.SIZE ? low : high) >>> number) & 1) != 0;
  }

  /** This set and {@code number} (0 to 127). */
  public Bitmap with(int number) {
    long bit = 1L << number;
    return number < Long.SIZE ? new Bitmap(low | bit, high) : new Bitmap(low, high | bit);
  }

  /** This set less {@code number} (0 to 127). */
  public Bitmap without(int number) {
    long bit = 1L << number;
    return number < Long.SIZE ? new Bitmap(low & ~bit, high) : new Bitmap(low, high & ~bit);
  }

  /** What both sets have. */
  public Bitmap and(Bitmap other) {
    return new Bitmap(low & other.low, high & other.high);
  }

  /** What this set has and the other has not. */
  public Bitmap minus(Bitmap other) {
    return new Bitmap(low & ~other.low, high & ~other.high);
  }

  /** What either set has. */
  public Bitmap or(Bitmap other) {
    return new Bitmap(low | other.low, high | other.high);
  }

  /** Whether nothing is in this set. */
  public boolean isEmpty() {
    return (low | high) == 0;
  }

  /** How many numbers are in this set. */
  public int size() {
    return Long.bitCount(low) + Long.bitCount(high);
  }

  /** The smallest number in this set that is at least {@code from}, or -1. */
  public int next(int from) {
    if (from < Long.SIZE) {
      long rest = low & (-1L << from);
      if (rest != 0) {
        return Long.numberOfTrailingZeros(rest);
      }
      return high == 0 ? -1 : Long.SIZE + Long.numberOfTrailingZeros(high);
    }
    long rest = from > UNKNOWN ? 0 : high & (-1L << from);
    return rest == 0 ? -1 : Long.SIZE + Long.numberOfTrailingZeros(rest);
  }

  /** How many 32-bit words the encoding has: none follow the last that is not zero. */
  int words() {
    if (high != 0) {
      return high >>> Integer.SIZE == 0 ? 3 : 4;
    }
    return low == 0 ? 0 : low >>> Integer.SIZE == 0 ? 1 : 2;
  }

  /** The 32-bit word at {@code index} (0 to 3) of the encoding. */
  int word(int index) {
    return (int) ((index < 2 ? low : high) >>> ((index & 1) * Integer.SIZE));
  }
}
