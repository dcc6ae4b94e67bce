package tidefs.store.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;
import tidefs.base.Invariant;
import tidefs.store.FencedException;
import tidefs.store.Journal;
import tidefs.store.JournalRecord;
import tidefs.store.StoreFault;

/** A journal on the heap. What it holds outlives its writers: a {@link Log} is opened again. */
public final class MemoryJournal implements Journal {
  private static final int SALT = 0x5eed;

  private final Log log;
  private final JournalRecord.Writer writer;
  private final CRC32C crc = new CRC32C();
  private boolean replayed;

  /** Opens {@code log} for writing and fences whoever did so before. */
  public MemoryJournal(Log log) {
    this.log = log;
    this.writer = new JournalRecord.Writer(log.nextEpoch(), SALT);
  }

  /** A journal with a new, empty log. */
  public MemoryJournal() {
    this(new Log());
  }

  /** What the medium holds: the records from {@code first} on, encoded. */
  public static final class Log {
    private final Deque<byte[]> records = new ArrayDeque<>();
    private long first = 1;
    private long epoch;

    private synchronized long nextEpoch() {
      return ++epoch;
    }
  }

  @Override
  public JournalRecord.Writer writer() {
    return writer;
  }

  @Override
  public long firstSequence() {
    synchronized (log) {
      return log.first;
    }
  }

  @Override
  public long replay(long fromSequence, RecordSink sink) {
    Invariant.check(!replayed, "a journal is replayed once");
    replayed = true;
    synchronized (log) {
      return read(fromSequence, sink);
    }
  }

  private long read(long fromSequence, RecordSink sink) {
    if (fromSequence < log.first) {
      throw new StoreFault("the journal does not reach back to where the state ends");
    }
    long sequence = log.first;
    for (byte[] bytes : log.records) {
      ByteBuffer record = ByteBuffer.wrap(bytes);
      int length = JournalRecord.validLength(record, 0, SALT, crc);
      if (length != bytes.length || JournalRecord.sequence(record, 0) != sequence) {
        throw new StoreFault("a record of the journal is damaged");
      }
      if (sequence >= fromSequence) {
        sink.record(sequence, JournalRecord.payload(record, 0));
      }
      sequence++;
    }
    return sequence - 1;
  }

  @Override
  public void verify() {
    synchronized (log) {
      read(log.first, (_, _) -> {});
    }
  }

  @Override
  public void append(long firstSequence, int count, ByteBuffer records) {
    Invariant.check(replayed, "a journal is replayed before it is written");
    synchronized (log) {
      checkOwner();
      long next = log.first + log.records.size();
      Invariant.check(firstSequence == next, "records are appended in order, without gaps");
      int at = records.position();
      for (int i = 0; i < count; i++) {
        int length = JournalRecord.validLength(records, at, SALT, crc);
        Invariant.check(length > 0, "what is appended is a record");
        Invariant.check(
            JournalRecord.epoch(records, at) == writer.epoch(), "a record has our epoch");
        byte[] copy = new byte[length];
        records.get(at, copy);
        log.records.add(copy);
        at += length;
      }
      Invariant.check(at == records.limit(), "the count of records is right");
    }
  }

  @Override
  public long room() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean replenish() {
    return true;
  }

  @Override
  public void restart(long nextSequence) {
    synchronized (log) {
      checkOwner();
      Invariant.check(nextSequence >= log.first + log.records.size(), "a journal goes forward");
      log.records.clear();
      log.first = nextSequence;
    }
  }

  @Override
  public void trim(long belowSequence) {
    synchronized (log) {
      checkOwner();
      while (log.first < belowSequence && !log.records.isEmpty()) {
        log.records.remove();
        log.first++;
      }
    }
  }

  @Override
  public void close() {}

  private void checkOwner() {
    if (log.epoch != writer.epoch()) {
      throw new FencedException();
    }
  }
}
