package tidefs.fs.throughput;

import org.jspecify.annotations.Nullable;
import tidefs.base.SpinLock;

/**
 * What one thread may let go for one client without asking the governor, and what it has let go:
 * the governor accounts for that before it decides anything. While a file system is well below its
 * limits, threads so seldom meet at the governor's lock.
 */
final class Advance extends SpinLock {
  private @Nullable Object client;
  private long untilNanos;
  private long operationsLeft;
  private long bytesLeft;
  private final Total total = new Total();

  /** Requests of one client, added up. Not for concurrent use. */
  static final class Total {
    private long metered;
    private long readBytes;
    private long writeBytes;
    private long reads;
    private long writes;

    void add(Io io) {
      metered += io.meteredBytes();
      if (io.kind().reads()) {
        readBytes += limitedBytes(io);
        reads++;
      } else {
        writeBytes += limitedBytes(io);
        writes++;
      }
    }

    /** Bytes against the limit of the throughput mode. */
    long metered() {
      return metered;
    }

    /** Bytes against the client's limit. */
    long bytes() {
      return readBytes + writeBytes;
    }

    /** Seconds of all that reads and writes share. */
    double shareSeconds(Caps caps) {
      return (double) readBytes / caps.readBytesPerSecond()
          + (double) writeBytes / caps.writeBytesPerSecond();
    }

    /** Seconds of all operations that there may be. */
    double operationSeconds(Caps caps) {
      return (double) reads / caps.readOperationsPerSecond()
          + (double) writes / caps.writeOperationsPerSecond();
    }
  }

  /** Who is told what an advance was used for. */
  @FunctionalInterface
  interface Account {
    /** {@code client} was let go {@code total}. Must not wait; {@code total} ends with the call. */
    void charge(Object client, Total total);
  }

  private static long limitedBytes(Io io) {
    return Math.max(io.bytes(), Figures.LEAST_REQUEST_BYTES);
  }

  /** Whether {@code io} goes at once; it is accounted for later. */
  boolean take(Object its, Io io, long nowNanos) {
    lock();
    try {
      if (!its.equals(client)
          || nowNanos - untilNanos >= 0
          || operationsLeft < 1
          || bytesLeft < limitedBytes(io)) {
        return false;
      }
      operationsLeft--;
      bytesLeft -= limitedBytes(io);
      total.add(io);
      return true;
    } finally {
      unlock();
    }
  }

  /** Tells what the advance was used for since the last call. */
  void settle(Account account) {
    lock();
    try {
      Object its = client;
      if (its != null && total.bytes() > 0) {
        account.charge(its, total);
        total.metered = 0;
        total.readBytes = 0;
        total.writeBytes = 0;
        total.reads = 0;
        total.writes = 0;
      }
    } finally {
      unlock();
    }
  }

  /** Nothing goes by it from now on. */
  void end() {
    lock();
    operationsLeft = 0;
    unlock();
  }

  /** Begins another, after {@link #settle}; {@code operations} is 0 if it can be no advance. */
  void grant(Object its, long operations, long bytes, long until) {
    lock();
    client = its;
    operationsLeft = operations;
    bytesLeft = bytes;
    untilNanos = until;
    unlock();
  }
}
