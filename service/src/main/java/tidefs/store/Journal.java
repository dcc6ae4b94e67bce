package tidefs.store;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The totally ordered, durable, fenced log of one shard: the truth from which the state is rebuilt.
 * Records carry sequence numbers from 1 on, without gaps, in the format of {@link JournalRecord}.
 *
 * <p>Not for concurrent use, but for the writing of claims: the store calls it from one thread at a
 * time. {@link #replay} comes first, once.
 */
public interface Journal extends AutoCloseable {
  /** What records are to be encoded with. The epoch is higher than that of every writer before. */
  JournalRecord.Writer writer();

  /** The sequence number of the oldest record held; the next one to be written if there is none. */
  long firstSequence();

  /**
   * Hands all records from {@code fromSequence} on to {@code sink}, in order.
   *
   * @return the sequence number of the last record that the journal holds, or held before it was
   *     trimmed; 0 if there never was one
   * @throws FencedException if a writer with a higher epoch was here
   * @throws StoreFault if records from {@code fromSequence} on were trimmed, or are damaged, or
   *     missing, in a way that no loss of power explains
   */
  long replay(long fromSequence, RecordSink sink);

  /**
   * Writes records and returns when they are durable.
   *
   * @param firstSequence the first record's sequence number: one more than the last one's before
   * @param count the number of records
   * @param records the encoded records, from position to limit; the caller's again on return
   * @throws FencedException if a writer with a higher epoch took over; final
   * @throws StoreFullFault if there is no space for them; the same may be tried again, as after a
   *     {@link StoreBusyFault}
   * @throws StoreFault if the records may not be durable; the journal takes no more
   */
  void append(long firstSequence, int count, ByteBuffer records);

  /**
   * Claims a place for records, as for {@link #append}, that may be written while those of another
   * claim are, at most one. Until both are written nothing else may be called but this, {@link
   * #room} and {@link #replenish}.
   *
   * @return empty if these have to be appended alone, or this journal knows no claims
   */
  default Optional<Claim> claim(long firstSequence, int count, int bytes) {
    return Optional.empty();
  }

  /** A place in the journal, to be written once, by any thread. */
  @FunctionalInterface
  interface Claim {
    /**
     * Writes the records, and returns when they are durable; those of an earlier claim may not be.
     *
     * @throws StoreFault if the records may not be durable; the journal takes no more
     */
    void write(ByteBuffer records);
  }

  /** How many bytes of records can be written for certain, though the device be full. */
  long room();

  /**
   * Sees to it that there is as much {@link #room} as there should be.
   *
   * @return false if the device is full: what room there is should be used with care
   * @throws StoreFault as for {@link #append}
   */
  boolean replenish();

  /**
   * Forgets all records and goes on with {@code nextSequence}, which is higher than any before. For
   * a state that is durable beyond the journal: its own files can be flushed before the journal is.
   */
  void restart(long nextSequence);

  /**
   * Reads all that is held, and checks it. Nothing changes.
   *
   * @throws StoreFault if a record is damaged or missing
   */
  void verify();

  /** Allows records below {@code belowSequence} to be forgotten. The rest stays. */
  void trim(long belowSequence);

  @Override
  void close();

  /** Takes records during a replay. */
  @FunctionalInterface
  interface RecordSink {
    /** One record. {@code payload} is valid during the call only. */
    void record(long sequence, ByteBuffer payload);
  }
}
