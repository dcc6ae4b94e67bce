package tidefs.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the state up to the journal's end when a store is opened.
 *
 * <p>The state on disk is a prefix of the batches, so replay begins right after its mark. If it is
 * damaged or gone and the journal still reaches back to the first batch, it is built anew. If the
 * state is ahead (its files were flushed, the journal was not: batches that nobody was told of),
 * the journal goes on after it.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private Recovery() {}

  /** Opens the state in {@code directory}, with all that the journal holds applied to it. */
  static State recover(Path directory, Journal journal, StoreResources resources) {
    State state = openOrRebuild(directory, journal, resources);
    try {
      long applied = state.applied();
      long last =
          journal.replay(applied + 1, (sequence, payload) -> reapply(state, sequence, payload));
      if (last < applied) {
        log.atWarn()
            .addKeyValue("state", applied)
            .addKeyValue("journal", last)
            .log("The state is ahead of the journal, which goes on after it");
        journal.restart(applied + 1);
      } else if (last > applied) {
        state.flush(); // What is built upon from now on must not hang on what a crash left.
      }
      return state;
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
  }

  private static State openOrRebuild(Path directory, Journal journal, StoreResources resources) {
    try {
      return State.open(directory, resources);
    } catch (RocksDBException e) {
      if (!isDamage(e) || journal.firstSequence() != 1) {
        throw StoreFault.of("the state cannot be opened, nor rebuilt from the journal", e);
      }
      log.atWarn().setCause(e).log("The state is damaged: rebuilding it from the journal");
      try (org.rocksdb.Options options = new org.rocksdb.Options()) {
        RocksDB.destroyDB(directory.toString(), options);
        return State.open(directory, resources);
      } catch (RocksDBException again) {
        throw StoreFault.of("the state cannot be rebuilt", again);
      }
    }
  }

  private static boolean isDamage(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption;
  }

  private static void reapply(State state, long sequence, ByteBuffer payload) {
    byte[] mark = State.mark(sequence);
    byte[] image = new byte[Batch.PAYLOAD_OFFSET + payload.remaining() + mark.length];
    int length = payload.remaining();
    payload.get(image, Batch.PAYLOAD_OFFSET, length);
    System.arraycopy(mark, 0, image, Batch.PAYLOAD_OFFSET + length, mark.length);
    Batch.addToCount(image, 1);
    state.applyPatiently(image);
  }
}
