package tidefs.store;

import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import tidefs.base.Blocking;
import tidefs.base.Invariant;

/** A walk over the state. */
final class StateEntries implements Entries {
  private final RocksIterator iterator;
  private final byte[] from;
  private final Blocking blocking;
  private final Runnable release;
  private boolean begun;
  private boolean valid;
  private boolean closed;

  StateEntries(RocksIterator iterator, byte[] from, Blocking blocking, Runnable release) {
    this.iterator = iterator;
    this.from = from;
    this.blocking = blocking;
    this.release = release;
  }

  @Override
  public boolean next() {
    Invariant.check(!closed, "a closed walk is not used");
    if (!begun) {
      iterator.seek(from);
      begun = true;
    } else if (valid) {
      iterator.next();
    } else {
      return false;
    }
    valid = iterator.isValid(); // Asked once: each question is a call out of Java.
    if (valid) {
      return true;
    }
    try {
      iterator.status();
      return false;
    } catch (RocksDBException e) {
      throw State.translate(e, blocking);
    }
  }

  @Override
  public byte[] key() {
    Invariant.check(!closed && valid, "there is a current entry");
    return iterator.key();
  }

  @Override
  public byte[] value() {
    Invariant.check(!closed && valid, "there is a current entry");
    return iterator.value();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
