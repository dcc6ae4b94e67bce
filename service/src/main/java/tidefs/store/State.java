package tidefs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;

/**
 * The materialised state of a metadata store: a RocksDB without a log of its own. It holds an exact
 * prefix of the batches at any time, on disk too, and knows how long that prefix is, because every
 * batch carries a mark with its sequence number.
 *
 * <p>Keys that begin with a zero byte are ours: {@code 00 'a'} the mark, {@code 00 'f'} the format.
 */
final class State implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(State.class);
  private static final byte FORMAT = 1;
  private static final byte[] FORMAT_KEY = {0, 'f'};
  private static final byte[] MARK_KEY = {0, 'a'};
  private static final byte[] FIRST_USER_KEY = {1};
  private static final int SEQUENCE_BYTES = Long.BYTES;

  private final RocksDB db;
  private final Options options;
  private final UseCount uses = new UseCount();
  private final ReadOptions anyTier = new ReadOptions();
  private final ReadOptions memoryTier = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
  private final WriteOptions atOnce = new WriteOptions().setDisableWAL(true).setNoSlowdown(true);
  private final WriteOptions patient = new WriteOptions().setDisableWAL(true);

  private State(RocksDB db, Options options) {
    this.db = db;
    this.options = options;
  }

  /** Opens the state in {@code directory}, or begins an empty one. */
  static State open(Path directory, StoreResources resources) throws RocksDBException {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StoreFault("cannot create the directory of the state", e);
    }
    Options options = StateOptions.create(resources);
    RocksDB db;
    try {
      db = RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      options.close();
      throw e;
    }
    State state = new State(db, options);
    try {
      state.checkFormat();
    } catch (RocksDBException | RuntimeException e) {
      state.close();
      throw e;
    }
    return state;
  }

  /** The sequence number of the last batch that the state contains; 0 if none. */
  long applied() {
    byte[] mark = read(anyTier, MARK_KEY, Blocking.ALLOWED);
    return mark == null ? 0 : ByteBuffer.wrap(mark).getLong();
  }

  /** The value of {@code key}. */
  byte @Nullable [] get(byte[] key, Blocking blocking) {
    return read(blocking == Blocking.ALLOWED ? anyTier : memoryTier, key, blocking);
  }

  /** Pins the map as it is now. */
  Snapshot pin() {
    uses.enter();
    return db.getSnapshot();
  }

  /** Lets go what {@link #pin} returned. */
  void unpin(Snapshot snapshot) {
    db.releaseSnapshot(snapshot);
    uses.exit();
  }

  /** Options to read {@code snapshot}; the caller closes them. */
  static ReadOptions readOptions(@Nullable Snapshot snapshot, Blocking blocking) {
    ReadOptions read = new ReadOptions();
    if (blocking == Blocking.FORBIDDEN) {
      read.setReadTier(ReadTier.BLOCK_CACHE_TIER);
    }
    if (snapshot != null) {
      read.setSnapshot(snapshot);
    }
    return read;
  }

  /** Reads with options from {@link #readOptions}. */
  byte @Nullable [] read(ReadOptions read, byte[] key, Blocking blocking) {
    uses.enter();
    try {
      return db.get(read, key);
    } catch (RocksDBException e) {
      throw translate(e, blocking);
    } finally {
      uses.exit();
    }
  }

  /** A walk from {@code from}, inclusive, to {@code to}, exclusive, over what a snapshot shows. */
  Entries scan(byte[] from, byte[] to, @Nullable Snapshot snapshot, Blocking blocking) {
    uses.enter();
    ReadOptions read = readOptions(snapshot, blocking);
    Slice end = new Slice(to);
    read.setIterateUpperBound(end);
    RocksIterator iterator = db.newIterator(read);
    boolean ours = from.length == 0 || from[0] == 0;
    return new StateEntries(
        iterator,
        ours ? FIRST_USER_KEY : from,
        blocking,
        () -> {
          iterator.close();
          end.close();
          read.close();
          uses.exit();
        });
  }

  /**
   * Applies an image made by {@link Batch#toWriteBatch}.
   *
   * @throws WouldBlock if RocksDB has to catch up with its own work; nothing has changed
   */
  void apply(byte[] image) {
    write(atOnce, image, Blocking.FORBIDDEN);
  }

  /** Applies an image, however long that takes. */
  void applyPatiently(byte[] image) {
    write(patient, image, Blocking.ALLOWED);
  }

  /** The change that every batch ends with. */
  static byte[] mark(long sequence) {
    byte[] change = new byte[1 + 1 + MARK_KEY.length + 1 + SEQUENCE_BYTES];
    ByteBuffer.wrap(change)
        .put(Batch.TAG_PUT)
        .put((byte) MARK_KEY.length)
        .put(MARK_KEY)
        .put((byte) SEQUENCE_BYTES)
        .putLong(sequence);
    return change;
  }

  /** Returns when all that was applied before the call is durable. Does not stop writers. */
  void flush() {
    uses.enter();
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(false)) {
      db.flush(flush);
    } catch (RocksDBException e) {
      throw translate(e, Blocking.ALLOWED);
    } finally {
      uses.exit();
    }
  }

  /** Reads every file of the state and checks its checksums. */
  void verify() {
    uses.enter();
    try {
      db.verifyChecksum();
    } catch (RocksDBException e) {
      throw translate(e, Blocking.ALLOWED);
    } finally {
      uses.exit();
    }
  }

  boolean isClosed() {
    return uses.isClosed();
  }

  /** Waits for uses to end. What was not flushed is gone. */
  @Override
  public void close() {
    if (!uses.close()) { // Memory that leaks is better than memory that is used after it is free.
      log.atError().log("A snapshot or walk of a store was never closed: its memory stays in use");
      return;
    }
    db.close();
    anyTier.close();
    memoryTier.close();
    atOnce.close();
    patient.close();
    options.close();
  }

  private void checkFormat() throws RocksDBException {
    byte[] format = db.get(FORMAT_KEY);
    if (format == null) {
      db.put(patient, FORMAT_KEY, new byte[] {FORMAT});
    } else if (format.length != 1 || format[0] != FORMAT) {
      throw new StoreFault("the state was written by a newer version");
    }
  }

  private void write(WriteOptions write, byte[] image, Blocking blocking) {
    uses.enter();
    try (WriteBatch batch = new WriteBatch(image)) {
      db.write(write, batch);
    } catch (RocksDBException e) {
      throw translate(e, blocking);
    } finally {
      uses.exit();
    }
  }

  /** What to throw instead of {@code e}: {@link WouldBlock} if that is all that is wrong. */
  static RuntimeException translate(RocksDBException e, Blocking blocking) {
    Status status = e.getStatus();
    if (blocking == Blocking.FORBIDDEN
        && status != null
        && status.getCode() == Status.Code.Incomplete) {
      return WouldBlock.INSTANCE;
    }
    return StoreFault.of("the state cannot be read or written", e);
  }

  static {
    Invariant.check(FIRST_USER_KEY[0] > MARK_KEY[0], "the store's own keys come first");
  }
}
