package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;

/**
 * The segment that a journal writes to. It is filled with zeros some way ahead, so that an append
 * need not change what the file system knows of the file, and a sync is one write to the disk.
 */
final class SegmentWriter implements AutoCloseable {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private static final int NONE = -1;

  private final FileIo io;
  private final int file;
  private final SegmentSizes sizes;

  /** Another descriptor of the file, opened when two write at once, and whether each is in use. */
  private int other = NONE;

  private boolean fileInUse;
  private boolean otherInUse;
  private long allocated;
  private long position = SegmentHeader.BYTES;
  private boolean synced = true;

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
      writer.zero(sizes.smallest());
      sync(io, file);
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

  /** How many bytes of records fit into what is occupied already. */
  long room() {
    return allocated - position;
  }

  /**
   * Makes {@code path} a file that occupies as much as a segment of {@code bytes}, or more.
   *
   * @throws StoreFullFault if there is no space
   */
  static void occupy(FileIo io, Path path, int bytes) {
    int file = io.create(path);
    try {
      long there = io.length(file);
      if (there < bytes) {
        zero(io, file, there, bytes);
        sync(io, file);
      }
    } finally {
      io.close(file);
    }
  }

  /**
   * Writes {@code records}, which need not be durable by that.
   *
   * @throws StoreFullFault if there is no space; the segment is as it was
   */
  void write(ByteBuffer records) {
    long end = position + records.remaining();
    synced = end <= allocated;
    if (synced) { // The file stays as it is but for these bytes: one call does both.
      io.writeDurably(file, position, records);
    } else {
      io.write(file, position, records);
    }
    position = end;
    if (end > allocated) {
      allocated = end;
      try {
        zero(Math.min(end + Math.min(end, sizes.step()), Math.max(end, sizes.largest())));
      } catch (StoreFullFault e) {
        // Not needed yet.
      }
    }
  }

  /**
   * A place for {@code bytes} of records in what is occupied already; empty if there is none.
   *
   * <p>Each of two that write at once has a descriptor of its own: the system tells each descriptor
   * once of an error, whoever's bytes it concerns, so that who shares one may not learn of it.
   *
   * @param path the segment's name now
   */
  synchronized Optional<Place> claim(Path path, int bytes) {
    if (!synced || position + bytes > allocated || (fileInUse && otherInUse)) {
      return Optional.empty();
    }
    if (fileInUse && other == NONE) {
      other = io.open(path);
      if (other == FileIo.ABSENT) {
        throw new StoreFault("the journal's segment is missing");
      }
    }
    boolean first = !fileInUse;
    fileInUse |= first;
    otherInUse |= !first;
    Place place = new Place(this, first ? file : other, position);
    position += bytes;
    return Optional.of(place);
  }

  /** Where records go that are written beside others. */
  record Place(SegmentWriter segment, int descriptor, long offset) {
    /** Writes the records there, durably. Once. */
    void write(ByteBuffer records) {
      segment.io.writeDurably(descriptor, offset, records);
      segment.release(descriptor);
    }
  }

  private synchronized void release(int descriptor) {
    if (descriptor == file) {
      fileInUse = false;
    } else {
      otherInUse = false;
    }
  }

  /** Returns when what was written is durable. */
  void sync() {
    if (!synced) {
      sync(io, file);
      synced = true;
    }
  }

  @Override
  public void close() {
    io.close(file);
    if (other != NONE) {
      io.close(other);
    }
  }

  private void zero(long end) {
    if (allocated < end) {
      zero(io, file, allocated, end);
      allocated = end;
    }
  }

  private static void zero(FileIo io, int file, long from, long to) {
    for (long at = from; at < to; ) {
      int bytes = (int) Math.min(ZEROS.capacity(), to - at);
      io.write(file, at, ZEROS.slice(0, bytes));
      at += bytes;
    }
  }

  /** A sync that fails is never tried again, whatever the reason. */
  private static void sync(FileIo io, int file) {
    try {
      io.sync(file);
    } catch (StoreFullFault e) {
      throw new StoreFault("the journal's device had no space for what it had accepted", e);
    }
  }
}
