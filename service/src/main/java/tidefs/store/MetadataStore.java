package tidefs.store;

import java.util.Optional;
import tidefs.base.Blocking;

/**
 * An ordered map of byte keys with snapshots and atomic batches, durable through a journal.
 *
 * <p>A batch is visible to every reader of this process as soon as {@link #apply} returns, and
 * durable once the journal has it. Nothing may leave the process before that: whoever answers a
 * request waits for the highest sequence number that the request wrote <em>or read</em> ({@link
 * #appliedSequence} at the time of the read bounds it).
 */
public final class MetadataStore implements View, AutoCloseable {
  @Override
  public Optional<byte[]> get(byte[] key, Blocking blocking) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Entries scan(byte[] from, byte[] to, Blocking blocking) {
    throw new UnsupportedOperationException();
  }

  /** The map as it is now, unmoved by later batches. Close it soon: it holds space. */
  public Snapshot snapshot() {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes {@code batch} visible, all of it at once, and hands it to the journal.
   *
   * @return its sequence number: one more than that of the batch before it
   * @throws tidefs.base.WouldBlock if waiting is forbidden and the store is catching up; nothing
   *     has changed
   * @throws StoreFault if the store has failed and takes no more changes
   */
  public long apply(Batch batch, Blocking blocking) {
    throw new UnsupportedOperationException();
  }

  /** The sequence number of the newest batch that is visible. */
  public long appliedSequence() {
    throw new UnsupportedOperationException();
  }

  /** The highest sequence number that is durable, with all before it. */
  public long durableSequence() {
    throw new UnsupportedOperationException();
  }

  /**
   * Runs {@code listener} once {@code sequence} is durable or the store has failed: at once in the
   * caller if so already, else on the committer's thread, where it must only hand over.
   */
  public void whenDurable(long sequence, DurabilityListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Waits until {@code sequence} is durable. Throws {@link StoreFault} if the store failed. */
  public void awaitDurable(long sequence) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** The map at one instant. */
  public interface Snapshot extends View, AutoCloseable {
    /** The sequence number of the last batch that it shows. */
    long sequence();

    @Override
    void close();
  }

  /** Told when a sequence number has become durable. */
  @FunctionalInterface
  public interface DurabilityListener {
    /** {@code durable} is false if the store failed first: the change must not be acknowledged. */
    void reached(boolean durable);
  }
}
