package tidefs.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import tidefs.base.Invariant;

/**
 * Changes that become visible and durable together, or not at all. Not for concurrent use; spent
 * once applied.
 *
 * <p>Keys are 1 to {@link Limits#KEY_BYTES} bytes and do not begin with a zero byte (those are the
 * store's own); values are at most {@link Limits#VALUE_BYTES}.
 *
 * <p>Encoded, a batch is a 32-bit little-endian count and that many changes: a tag (1 to put, 0 to
 * delete), the key and, to put, the value, each after its length in seven-bit groups, lowest first.
 * This is our format, for ever, and so that no byte is moved twice it is also the body of RocksDB's
 * write batch, whose header needs the eight bytes before it.
 */
public final class Batch {
  /** Where the encoded changes begin in {@link #bytes}: RocksDB's own sequence number precedes. */
  static final int PAYLOAD_OFFSET = 8;

  static final byte TAG_DELETE = 0;
  static final byte TAG_PUT = 1;

  private static final int FIRST_CHANGE_OFFSET = 12;
  private static final int LONGEST_LENGTH_BYTES = 5;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[512];
  private int length = FIRST_CHANGE_OFFSET;
  private int changes;
  private boolean spent;
  private boolean essential;

  /** Sets the value of {@code key}. Neither array is kept. */
  public Batch put(byte[] key, byte[] value) {
    checkKey(key);
    Invariant.check(value.length <= Limits.VALUE_BYTES, "a value is within its limit");
    reserve(1 + 2 * LONGEST_LENGTH_BYTES + key.length + value.length);
    bytes[length++] = TAG_PUT;
    append(key);
    append(value);
    changes++;
    return this;
  }

  /** Removes {@code key}, if it is there. */
  public Batch delete(byte[] key) {
    checkKey(key);
    reserve(1 + LONGEST_LENGTH_BYTES + key.length);
    bytes[length++] = TAG_DELETE;
    append(key);
    changes++;
    return this;
  }

  /**
   * May be applied while the device is full: it frees space, or is small, seldom, and needed to get
   * there.
   */
  public Batch essential() {
    essential = true;
    return this;
  }

  boolean isEssential() {
    return essential;
  }

  /** The number of changes so far. */
  public int changes() {
    return changes;
  }

  /** The bytes of the encoded changes so far: what the batch will take in the journal. */
  public int encodedBytes() {
    return length - PAYLOAD_OFFSET;
  }

  /** Ends the batch: nothing can be added, nor can it be applied again. */
  void spend() {
    Invariant.check(!spent, "a batch is applied once");
    Invariant.check(length <= Limits.BATCH_BYTES, "a batch is within its limit");
    spent = true;
    INT.set(bytes, PAYLOAD_OFFSET, changes);
  }

  /** This spent batch with its records encrypted, spent too; itself if there is nothing to do. */
  Batch sealed(RecordCipher cipher) {
    if (cipher.isPlain()) {
      return this;
    }
    Batch sealed = new Batch();
    int at = FIRST_CHANGE_OFFSET;
    while (at < length) {
      boolean puts = bytes[at++] == TAG_PUT;
      byte[] key = cipher.sealKey(part(at));
      at = endOfPart(at);
      if (puts) {
        sealed.put(key, cipher.sealValue(key, part(at)));
        at = endOfPart(at);
      } else {
        sealed.delete(key);
      }
    }
    sealed.spend();
    return sealed;
  }

  /** A copy of the key or value whose length stands at {@code at}. */
  private byte[] part(int at) {
    int end = endOfPart(at);
    return Arrays.copyOfRange(bytes, end - partLength(at), end);
  }

  private int endOfPart(int at) {
    int start = at;
    while (bytes[start] < 0) {
      start++;
    }
    return start + 1 + partLength(at);
  }

  private int partLength(int at) {
    int partLength = 0;
    int next = at;
    for (int shift = 0; ; shift += 7) {
      byte group = bytes[next++];
      partLength |= (group & 0x7f) << shift;
      if (group >= 0) {
        return partLength;
      }
    }
  }

  /** Takes {@link #spend} back: the batch could not be applied, and may be again. */
  void revive() {
    spent = false;
  }

  /** The encoded batch, from {@link #PAYLOAD_OFFSET} to {@link #end}. Not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  int end() {
    return length;
  }

  /** What RocksDB applies: these changes, and the mark that says how far the state reaches. */
  byte[] toWriteBatch(byte[] mark) {
    byte[] image = Arrays.copyOf(bytes, length + mark.length);
    System.arraycopy(mark, 0, image, length, mark.length);
    addToCount(image, 1);
    return image;
  }

  /** Adds to the count of changes in an image of RocksDB's. */
  static void addToCount(byte[] image, int more) {
    INT.set(image, PAYLOAD_OFFSET, (int) INT.get(image, PAYLOAD_OFFSET) + more);
  }

  private void checkKey(byte[] key) {
    Invariant.check(!spent, "a batch that was applied takes no more changes");
    Invariant.check(
        key.length > 0 && key.length <= Limits.KEY_BYTES && key[0] != 0, "a key is well formed");
  }

  private void append(byte[] part) {
    int rest = part.length;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    System.arraycopy(part, 0, bytes, length, part.length);
    length += part.length;
  }

  private void reserve(int more) {
    Invariant.check(length + more <= 2 * Limits.BATCH_BYTES, "a batch is within its limit");
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
