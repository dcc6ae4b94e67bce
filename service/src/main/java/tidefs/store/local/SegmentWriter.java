package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The segment that a journal writes to. It is filled with zeros some way ahead, so that an append
 * need not change what the file system knows of the file, and a sync is one write to the disk.
 */
final class SegmentWriter implements AutoCloseable {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private final FileIo io;
  private final int file;
  private final SegmentSizes sizes;
  private long allocated;
  private long position = SegmentHeader.BYTES;

  private SegmentWriter(FileIo io, int file, SegmentSizes sizes, long allocated) {
    this.io = io;
    this.file = file;
    this.sizes = sizes;
    this.allocated = allocated;
  }

  /** Makes {@code path}, which may have been a segment before, one that begins with a header. */
  static SegmentWriter begin(FileIo io, Path path, SegmentHeader header, SegmentSizes sizes) {
    int file = io.create(path);
    SegmentWriter writer = new SegmentWriter(io, file, sizes, io.length(file));
    try {
      io.write(file, 0, header.encode());
      writer.allocated = Math.max(writer.allocated, SegmentHeader.BYTES);
      if (writer.allocated < sizes.smallest()) {
        writer.zero(sizes.smallest());
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
    return position + bytes <= sizes.largest() || position == SegmentHeader.BYTES;
  }

  /** Whether the segment occupies more than it did from the start. */
  boolean hasGrown() {
    return allocated > sizes.smallest();
  }

  /** Writes {@code records} and returns when they are durable. */
  void append(ByteBuffer records) {
    long end = position + records.remaining();
    io.write(file, position, records);
    if (end > allocated) {
      allocated = end;
      zero(Math.min(end + Math.min(end, sizes.step()), Math.max(end, sizes.largest())));
    }
    io.sync(file);
    position = end;
  }

  @Override
  public void close() {
    io.close(file);
  }

  private void zero(long end) {
    while (allocated < end) {
      int bytes = (int) Math.min(ZEROS.capacity(), end - allocated);
      io.write(file, allocated, ZEROS.slice(0, bytes));
      allocated += bytes;
    }
  }
}
