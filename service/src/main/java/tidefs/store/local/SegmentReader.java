package tidefs.store.local;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import tidefs.store.JournalRecord;
import tidefs.store.StoreFault;

/** Finds the records of one segment, a window of it in memory. */
final class SegmentReader implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;

  private final FileIo io;
  private final int file;
  private final long length;
  private final SegmentHeader header;
  private final CRC32C crc = new CRC32C();
  private ByteBuffer window;
  private long windowStart;

  private SegmentReader(FileIo io, int file) {
    this.io = io;
    this.file = file;
    this.length = io.length(file);
    this.window = ByteBuffer.allocateDirect((int) Math.min(length, WINDOW_BYTES));
    window.limit(io.read(file, 0, window));
    this.header =
        SegmentHeader.decode(window)
            .orElseThrow(() -> new StoreFault("the header of a journal segment is damaged"));
  }

  /** Reads an open file, which is closed by {@link #close}. */
  static SegmentReader open(FileIo io, int file) {
    try {
      return new SegmentReader(io, file);
    } catch (StoreFault e) {
      io.close(file);
      throw e;
    }
  }

  SegmentHeader header() {
    return header;
  }

  /** The length of the valid record at {@code offset}, -1 if there is none. */
  int recordAt(long offset) {
    if (offset + JournalRecord.HEADER_BYTES > length) {
      return -1;
    }
    need(offset, JournalRecord.HEADER_BYTES);
    int announced = JournalRecord.announcedLength(window, at(offset));
    if (announced < 0 || announced > length - offset) {
      return -1;
    }
    need(offset, announced);
    int at = at(offset);
    int valid = JournalRecord.validLength(window, at, header.salt(), crc);
    return valid > 0 && JournalRecord.epoch(window, at) == header.epoch() ? valid : -1;
  }

  /** The sequence number of the record last found at {@code offset}. */
  long sequence(long offset) {
    return JournalRecord.sequence(window, at(offset));
  }

  /** The payload of the record last found at {@code offset}. */
  ByteBuffer payload(long offset) {
    return JournalRecord.payload(window, at(offset));
  }

  /**
   * Fails if anything after {@code offset} proves that the record {@code sequence}, which should be
   * there, was durable once.
   */
  void checkEnd(long offset, long sequence) {
    for (long at = offset; at < length; at += JournalRecord.ALIGNMENT) {
      if (recordAt(at) > 0) {
        long firstOfAppend = sequence(at) - JournalRecord.place(window, at(at));
        if (firstOfAppend > sequence) {
          throw new StoreFault("a durable record of the journal is damaged");
        }
      }
    }
  }

  /** Makes what was read durable. */
  void sync() {
    io.sync(file);
  }

  @Override
  public void close() {
    io.close(file);
  }

  private int at(long offset) {
    return (int) (offset - windowStart);
  }

  private void need(long offset, int bytes) {
    if (offset >= windowStart && offset + bytes <= windowStart + window.limit()) {
      return;
    }
    if (bytes > window.capacity()) {
      window = ByteBuffer.allocateDirect(bytes);
    }
    load(offset);
    if (window.limit() < bytes) {
      throw new StoreFault("a journal segment became shorter while it was read");
    }
  }

  private void load(long offset) {
    window.clear();
    window.limit(io.read(file, offset, window));
    windowStart = offset;
  }
}
