package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidefs.base.Chance;
import tidefs.base.Invariant;
import tidefs.store.FencedException;
import tidefs.store.Journal;
import tidefs.store.JournalRecord;
import tidefs.store.StoreBusyFault;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;

/** A journal in segment files of one directory. The essay is the package's. */
public final class LocalJournal implements Journal {
  private static final String SUFFIX = ".journal";
  private static final String SPARE = "spare";
  private static final int NAME_DIGITS = 16;

  private final FileIo io;
  private final Path directory;
  private final JournalRecord.Writer writer;
  private final SegmentSizes sizes;

  /** Sequence numbers that segments begin with, ascending; the last one's is the active segment. */
  private final List<Long> segments;

  /** A file is there that the next segment is made of. */
  private boolean spare;

  /** The spare file is known to occupy {@link #readyBytes}: it serves when the device is full. */
  private boolean ready;

  private int readyBytes;
  private @Nullable SegmentWriter active;
  private long next;
  private boolean failed;

  /** A claim could not be written. */
  private volatile boolean claimFailed;

  private LocalJournal(
      FileIo io,
      Path directory,
      JournalRecord.Writer writer,
      SegmentSizes sizes,
      List<Long> segments,
      boolean spare) {
    this.io = io;
    this.sizes = sizes;
    this.directory = directory;
    this.writer = writer;
    this.segments = segments;
    this.spare = spare;
  }

  /**
   * Opens the journal in {@code directory}, whose parent exists, for a writer of {@code epoch}.
   *
   * @throws StoreFault if a name is there that is none of a journal's
   */
  public static LocalJournal open(FileIo io, Path directory, long epoch, Chance chance) {
    return open(io, directory, epoch, chance, SegmentSizes.DEFAULT);
  }

  static LocalJournal open(
      FileIo io, Path directory, long epoch, Chance chance, SegmentSizes sizes) {
    io.createDirectory(directory);
    io.syncName(directory);
    List<Long> segments = new ArrayList<>();
    boolean spare = false;
    for (String name : io.list(directory)) {
      if (name.equals(SPARE)) {
        spare = true;
      } else {
        segments.add(firstSequence(name));
      }
    }
    segments.sort(null);
    JournalRecord.Writer writer = new JournalRecord.Writer(epoch, (int) chance.nextLong());
    return new LocalJournal(io, directory, writer, sizes, segments, spare);
  }

  @Override
  public JournalRecord.Writer writer() {
    return writer;
  }

  @Override
  public long firstSequence() {
    return segments.isEmpty() ? Math.max(1, next) : segments.getFirst();
  }

  @Override
  public long replay(long fromSequence, RecordSink sink) {
    Invariant.check(next == 0, "a journal is replayed once");
    long last = read(fromSequence, writer.epoch(), sink);
    SegmentWriter _ = begin(last + 1);
    return last;
  }

  @Override
  public void verify() {
    Invariant.check(next > 0, "a journal is replayed before it is verified");
    long last = read(firstSequence(), writer.epoch() + 1, (_, _) -> {});
    if (last != next - 1) {
      throw new StoreFault("records of the journal are missing at its end");
    }
  }

  /** Hands over the records of segments whose epochs are below {@code epochLimit}. */
  private long read(long fromSequence, long epochLimit, RecordSink sink) {
    if (segments.isEmpty()) {
      if (fromSequence > 1) {
        throw new StoreFault("the journal is missing");
      }
      return 0;
    }
    if (fromSequence < segments.getFirst()) {
      throw new StoreFault("the journal does not reach back to where the state ends");
    }
    long epoch = 0;
    long last = 0;
    for (int i = 0; i < segments.size(); i++) {
      boolean isLast = i == segments.size() - 1;
      long end = isLast ? Long.MAX_VALUE : segments.get(i + 1);
      if (end > fromSequence) {
        try (SegmentReader reader = reader(segments.get(i))) {
          checkEpoch(epoch, reader.header().epoch(), epochLimit);
          epoch = reader.header().epoch();
          last = read(reader, end, fromSequence, sink);
        }
      }
    }
    return last;
  }

  /** Hands over the records below {@code end}; returns the last one's sequence number. */
  private static long read(SegmentReader reader, long end, long from, RecordSink sink) {
    long offset = SegmentHeader.BYTES;
    long expected = reader.header().firstSequence();
    while (expected < end) {
      int length = reader.recordAt(offset);
      if (length < 0 || reader.sequence(offset) < expected) {
        break;
      }
      if (reader.sequence(offset) > expected) {
        throw new StoreFault("records of the journal are missing");
      }
      if (expected >= from) {
        sink.record(expected, reader.payload(offset));
      }
      offset += length;
      expected++;
    }
    if (end == Long.MAX_VALUE) {
      reader.checkEnd(offset, expected);
      reader.sync(); // A process that was killed may have left its last append to the system.
    } else if (expected < end) {
      throw new StoreFault("records of the journal are missing at the end of a segment");
    }
    return expected - 1;
  }

  @Override
  public void append(long firstSequence, int count, ByteBuffer records) {
    Invariant.check(next > 0, "a journal is replayed before it is written");
    Invariant.check(firstSequence == next && count > 0, "records are appended without gaps");
    checkUsable();
    failed = true; // Unless all of it succeeds, or there is no space.
    SegmentWriter segment = active;
    if (segment == null || !segment.hasRoom(records.remaining())) {
      segment = beginIfThereIsSpace(next);
    }
    segment = write(segment, records);
    segment.sync();
    next += count;
    failed = false;
  }

  @Override
  public Optional<Claim> claim(long firstSequence, int count, int bytes) {
    Invariant.check(next > 0, "a journal is replayed before it is written");
    Invariant.check(firstSequence == next && count > 0, "records are appended without gaps");
    checkUsable();
    SegmentWriter segment = active;
    if (segment == null || !segment.hasRoom(bytes)) {
      return Optional.empty();
    }
    Optional<SegmentWriter.Place> place;
    try {
      place = segment.claim(path(segments.getLast()), bytes);
    } catch (StoreBusyFault e) { // No descriptor is left.
      return Optional.empty();
    }
    place.ifPresent(_ -> next += count);
    return place.map(it -> records -> write(it, records));
  }

  private void write(SegmentWriter.Place place, ByteBuffer records) {
    boolean written = false;
    try {
      place.write(records);
      written = true;
    } finally {
      if (!written) {
        claimFailed = true;
      }
    }
  }

  /** Writes to {@code segment} or, if there is no space for that, to the one that is kept ready. */
  private SegmentWriter write(SegmentWriter segment, ByteBuffer records) {
    try {
      segment.write(records);
      return segment;
    } catch (StoreFullFault e) {
      if (!ready) {
        failed = false;
        throw e;
      }
    }
    SegmentWriter begun = beginIfThereIsSpace(next);
    try {
      begun.write(records);
      return begun;
    } catch (StoreFullFault e) {
      failed = false;
      throw e;
    }
  }

  @Override
  public long room() {
    SegmentWriter segment = active;
    long here = segment == null ? 0 : segment.room();
    return Math.max(here, ready ? readyBytes - SegmentHeader.BYTES : 0);
  }

  @Override
  public boolean replenish() {
    checkUsable();
    int bytes = active != null && active.hasGrown() ? sizes.step() : sizes.smallest();
    if (ready && readyBytes >= bytes) {
      return true;
    }
    failed = true;
    try {
      SegmentWriter.occupy(io, directory.resolve(SPARE), bytes);
      spare = true;
      ready = true;
      readyBytes = bytes;
      failed = false;
      return true;
    } catch (StoreFullFault | StoreBusyFault e) {
      failed = false;
      return false;
    }
  }

  @Override
  public void restart(long nextSequence) {
    Invariant.check(nextSequence >= next, "a journal goes forward");
    checkUsable();
    failed = true;
    SegmentWriter _ = begin(nextSequence);
    forget(nextSequence);
    failed = false;
  }

  @Override
  public void trim(long belowSequence) {
    checkUsable();
    failed = true;
    if (belowSequence >= next && active != null && active.hasGrown()) {
      if (spare) { // Idle, or ending: give the space back.
        io.unlink(directory.resolve(SPARE));
        spare = false;
        ready = false;
      }
      try {
        SegmentWriter _ = begin(next);
      } catch (StoreFullFault | StoreBusyFault e) {
        // Then the grown one goes on.
      }
    }
    forget(belowSequence);
    failed = false;
  }

  @Override
  public void close() {
    closeActive();
    failed = true;
  }

  /** The same as {@link #begin}; without space all stays as it is. */
  private SegmentWriter beginIfThereIsSpace(long first) {
    try {
      return begin(first);
    } catch (StoreFullFault | StoreBusyFault e) {
      failed = false;
      throw e;
    }
  }

  /** Makes the segment that records from {@code first} on go to. */
  private SegmentWriter begin(long first) {
    SegmentHeader header = new SegmentHeader(writer.epoch(), first, writer.salt());
    SegmentWriter begun = SegmentWriter.begin(io, directory.resolve(SPARE), header, sizes);
    spare = false;
    ready = false;
    closeActive();
    active = begun;
    nameSpare(path(first));
    if (segments.isEmpty() || segments.getLast() != first) {
      segments.add(first);
    }
    next = first;
    return begun;
  }

  private void closeActive() {
    SegmentWriter segment = active;
    active = null;
    if (segment != null) {
      segment.close();
    }
  }

  /** Removes the segments that hold nothing from {@code below} on. */
  private void forget(long below) {
    boolean changed = false;
    boolean recycled = false;
    while (segments.size() > 1 && segments.get(1) <= below) {
      Path oldest = path(segments.removeFirst());
      if (recycled || below >= next || (ready && length(oldest) < readyBytes)) {
        io.unlink(oldest);
      } else {
        io.rename(oldest, directory.resolve(SPARE));
        spare = true;
        recycled = true;
      }
      changed = true;
    }
    if (changed) {
      io.syncDirectory(directory);
    }
  }

  /** Gives the spare file the name of a segment. Half done it cannot be tried again. */
  private void nameSpare(Path segment) {
    try {
      io.rename(directory.resolve(SPARE), segment);
      io.syncDirectory(directory);
    } catch (StoreFullFault | StoreBusyFault e) {
      throw new StoreFault("a journal segment cannot be named", e);
    }
  }

  private long length(Path segment) {
    int file = io.open(segment);
    if (file == FileIo.ABSENT) {
      return 0;
    }
    try {
      return io.length(file);
    } finally {
      io.close(file);
    }
  }

  private void checkUsable() {
    if (failed || claimFailed) {
      throw new StoreFault("the journal has failed and takes no more records");
    }
  }

  private static void checkEpoch(long before, long epoch, long limit) {
    if (epoch >= limit) {
      throw new FencedException();
    }
    if (epoch < before) {
      throw new StoreFault("the epochs of the journal's segments go back");
    }
  }

  private SegmentReader reader(long first) {
    int file = io.open(path(first));
    if (file == FileIo.ABSENT) {
      throw new StoreFault("a journal segment is missing");
    }
    SegmentReader reader = SegmentReader.open(io, file);
    if (reader.header().firstSequence() != first) {
      reader.close();
      throw new StoreFault("a journal segment has the wrong name");
    }
    return reader;
  }

  private Path path(long first) {
    String digits = Long.toHexString(first);
    return directory.resolve("0".repeat(NAME_DIGITS - digits.length()) + digits + SUFFIX);
  }

  private static long firstSequence(String name) {
    if (name.length() != NAME_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      throw new StoreFault("a file in the journal's directory is not the journal's");
    }
    try {
      return Long.parseUnsignedLong(name, 0, NAME_DIGITS, 16);
    } catch (NumberFormatException e) {
      throw new StoreFault("a file in the journal's directory is not the journal's", e);
    }
  }
}
