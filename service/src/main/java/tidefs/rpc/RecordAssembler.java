package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tidefs.base.Invariant;

/**
 * Puts together the records that did not arrive in one piece (RFC 5531 §11): cut by the network,
 * sent in fragments, or both. Holds no buffer between records.
 *
 * <p>A record's buffer grows to what its mark announces only once {@value #EARNEST_BYTES} bytes of
 * it have arrived, so that a mark alone costs no memory. From then on the socket is read straight
 * into it ({@link #receiver}).
 */
final class RecordAssembler {
  /** Bytes that a peer must have sent before it is believed to send the rest. */
  static final int EARNEST_BYTES = 64 << 10;

  static final String TOO_LARGE = "a record is larger than the limit";

  private final ByteBufAllocator allocator;
  private final Limits limits;
  private final AssemblyBudget budget;

  private @Nullable ByteBuf record;
  private int markBytes;
  private int mark;
  private int fragmentLeft;
  private int fragments;
  private int budgeted;

  RecordAssembler(ByteBufAllocator allocator, Limits limits, AssemblyBudget budget) {
    this.allocator = allocator;
    this.limits = limits;
    this.budget = budget;
  }

  /** Whether a record has begun and not ended. */
  boolean pending() {
    return record != null || markBytes > 0;
  }

  /**
   * Takes what {@code in} has of the pending record, or begins one.
   *
   * @return whether the record is complete, to be had by {@link #finish}; if not, {@code in} is
   *     empty
   */
  boolean take(ByteBuf in) throws RecordException {
    while (in.isReadable()) {
      if (fragmentLeft == 0 && !takeMark(in)) {
        return false;
      }
      int bytes = Math.min(fragmentLeft, in.readableBytes());
      room(bytes).writeBytes(in, bytes);
      fragmentLeft -= bytes;
      if (isComplete()) {
        return true;
      }
    }
    return false;
  }

  /** The buffer to read the socket into, whose free room is bytes of this record; or none. */
  @Nullable ByteBuf receiver() {
    ByteBuf to = record;
    return to != null && fragmentLeft > 0 && to.writableBytes() == fragmentLeft ? to : null;
  }

  /** Whether {@code buffer} is the {@link #receiver}. */
  @SuppressWarnings("ReferenceEquality")
  boolean isRecord(ByteBuf buffer) {
    return buffer == record;
  }

  /** Bytes were read into the {@link #receiver}; returns how many. */
  int received() {
    ByteBuf to = Objects.requireNonNull(record, "bytes were received into a record");
    int bytes = fragmentLeft - to.writableBytes();
    fragmentLeft -= bytes;
    return bytes;
  }

  /** Whether the pending record has arrived whole. */
  boolean isComplete() {
    return record != null && fragmentLeft == 0 && markBytes == 0 && mark < 0;
  }

  /** The complete record, the caller's from now on. */
  ByteBuf finish() {
    ByteBuf whole = Objects.requireNonNull(record, "a record has begun");
    Invariant.check(fragmentLeft == 0, "a record ends with its last fragment");
    record = null;
    fragments = 0;
    settle();
    return whole;
  }

  /** Gives up the pending record. */
  void discard() {
    ByteBuf part = record;
    record = null;
    markBytes = 0;
    settle();
    if (part != null) {
      part.release();
    }
  }

  /** Reads a mark, which may come byte by byte; true once it is whole. */
  private boolean takeMark(ByteBuf in) throws RecordException {
    while (markBytes < Wire.MARK_BYTES) {
      if (!in.isReadable()) {
        return false;
      }
      mark = mark << Byte.SIZE | in.readUnsignedByte();
      markBytes++;
    }
    markBytes = 0;
    if (++fragments > limits.fragments()) {
      throw new RecordException("a record has too many fragments");
    }
    int length = mark & ~Wire.LAST;
    int before = record == null ? 0 : record.writerIndex();
    if (length > limits.recordBytes() - before) {
      throw new RecordException(TOO_LARGE);
    }
    fragmentLeft = length;
    return true;
  }

  /** The record's buffer with room for {@code bytes} of its fragment. */
  private ByteBuf room(int bytes) {
    int have = record == null ? 0 : record.writerIndex();
    int whole = have + fragmentLeft;
    if (record != null && record.capacity() == whole) {
      return record;
    }
    int earned = mayHaveAll(have + bytes, whole) ? whole : Math.min(whole, 2 * (have + bytes));
    if (record == null) {
      record = allocator.directBuffer(earned, limits.recordBytes());
    } else if (record.capacity() < have + bytes || earned == whole) {
      record.capacity(earned);
    }
    return record;
  }

  /** Whether a buffer for the {@code whole} is earned by the {@code arrived} bytes of it. */
  private boolean mayHaveAll(int arrived, int whole) {
    if (arrived < EARNEST_BYTES || !budget.take(whole - budgeted)) {
      return false;
    }
    budgeted = whole;
    return true;
  }

  private void settle() {
    budget.give(budgeted);
    budgeted = 0;
  }
}
