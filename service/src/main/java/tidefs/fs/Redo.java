package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The redo records of one file: bytes of stable writes that are durable in the store, while the
 * chunks that have them too await a sync. Guarded by the inode's lock. The essay is at {@link
 * RedoWrites}.
 */
final class Redo {
  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 1 + Integer.BYTES + Long.BYTES;

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytesSinceFlush;
  private long removal;

  /** A record, and the version of the contents from which on the chunks have its bytes. */
  private record Entry(long order, long version) {}

  /**
   * A record as it is stored.
   *
   * @param generation that of the chunks
   * @param offset where the bytes lie in the file
   */
  record Stored(int generation, long offset, byte[] bytes) {
    static byte[] encode(int generation, long offset, ByteBuffer source) {
      int count = source.remaining();
      byte[] record = new byte[HEAD_BYTES + count];
      ByteBuffer.wrap(record).put(FORMAT).putInt(generation).putLong(offset);
      source.get(source.position(), record, HEAD_BYTES, count);
      return record;
    }

    static Stored decode(byte[] record) {
      ByteBuffer in = ByteBuffer.wrap(record);
      if (record.length < HEAD_BYTES || in.get() != FORMAT) {
        throw new tidefs.store.StoreFault("a redo record has a format that is not known");
      }
      int generation = in.getInt();
      long offset = in.getLong();
      int count = in.remaining();
      if (count > Limits.REDO_WRITE_BYTES || offset < 0 || offset > Limits.FILE_BYTES - count) {
        throw new tidefs.store.StoreFault("a redo record is of bytes that no file can have");
      }
      byte[] bytes = new byte[count];
      in.get(bytes);
      return new Stored(generation, offset, bytes);
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** A record was written; the chunks have its bytes as of {@code version}. */
  void add(long order, long version, int bytes) {
    entries.addLast(new Entry(order, version));
    bytesSinceFlush += bytes;
  }

  /** True, once, if so much was recorded that the chunks should be synced. */
  boolean isDue() {
    if (bytesSinceFlush < Limits.REDO_BYTES) {
      return false;
    }
    bytesSinceFlush = 0;
    return true;
  }

  /** Whether {@link #settle} has something to do. */
  boolean hasUpTo(long version) {
    Entry oldest = entries.peekFirst();
    return oldest != null && oldest.version() <= version;
  }

  /** The chunks are synced as of {@code version}: removes the records that are not needed now. */
  void settle(Update update, long ino, long version) {
    for (Entry each : entries) {
      if (each.version() > version) {
        break;
      }
      update.batch().delete(Keys.redo(ino, each.order()));
    }
    update.then(sequence -> {
      removal = sequence;
      @Nullable Entry oldest = entries.peekFirst();
      while (oldest != null && oldest.version() <= version) {
        entries.removeFirst();
        oldest = entries.peekFirst();
      }
    });
  }

  /**
   * The batch that removed records last: until it is durable, a crash has them written again over
   * what is newer, whoever removed them.
   */
  long removal() {
    return removal;
  }

  /** Removes all records: their chunks are given up or synced. */
  void forget(Update update, long ino) {
    if (!entries.isEmpty()) {
      settle(update, ino, Long.MAX_VALUE);
    }
  }
}
