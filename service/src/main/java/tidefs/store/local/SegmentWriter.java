package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The segment that a journal writes to. It is filled with zeros some way ahead, so that an append
 * need not change what the file system knows of the file, and a sync is one write to the disk.
 */
final class SegmentWriter implements AutoCloseable {
  /** What a segment occupies from the start. */
  static final int SMALLEST_BYTES = 256 << 10;

  /** A segment without room. */
  static final SegmentWriter NONE = new SegmentWriter(new NativeFileIo(), FileIo.ABSENT, 0);

  private static final long LARGEST_BYTES = 64L << 20;
  private static final long LARGEST_STEP_BYTES = 4L << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private final FileIo io;
  private final int file;
  private long allocated;
  private long position = SegmentHeader.BYTES;

  private SegmentWriter(FileIo io, int file, long allocated) {
    this.io = io;
    this.file = file;
    this.allocated = allocated;
  }

  /** Makes {@code path}, which may have been a segment before, one that begins with a header. */
  static SegmentWriter begin(FileIo io, Path path, SegmentHeader header) {
    int file = io.create(path);
    SegmentWriter writer = new SegmentWriter(io, file, io.length(file));
    try {
      io.write(file, 0, header.encode());
      writer.allocated = Math.max(writer.allocated, SegmentHeader.BYTES);
      if (writer.allocated < SMALLEST_BYTES) {
        writer.zero(SMALLEST_BYTES);
      }
      io.sync(file);
      return writer;
    } catch (RuntimeException e) {
      io.close(file);
      throw e;
    }
  }

  /** Whether {@code bytes} fit; anything fits into a segment that is empty. */
  boolean hasRoom(int bytes) {
    return file != FileIo.ABSENT
        && (position + bytes <= LARGEST_BYTES || position == SegmentHeader.BYTES);
  }

  /** Whether the segment occupies more than it did from the start. */
  boolean hasGrown() {
    return allocated > SMALLEST_BYTES;
  }

  /** Writes {@code records} and returns when they are durable. */
  void append(ByteBuffer records) {
    long end = position + records.remaining();
    io.write(file, position, records);
    if (end > allocated) {
      allocated = end;
      zero(Math.min(end + Math.min(end, LARGEST_STEP_BYTES), Math.max(end, LARGEST_BYTES)));
    }
    io.sync(file);
    position = end;
  }

  @Override
  public void close() {
    if (file != FileIo.ABSENT) {
      io.close(file);
    }
  }

  private void zero(long end) {
    while (allocated < end) {
      int bytes = (int) Math.min(ZEROS.capacity(), end - allocated);
      io.write(file, allocated, ZEROS.slice(0, bytes));
      allocated += bytes;
    }
  }
}
