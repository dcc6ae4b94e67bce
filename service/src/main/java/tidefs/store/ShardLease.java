package tidefs.store;

/** The right to write to a shard: one owner at a time. */
public interface ShardLease {
  /**
   * Takes the lease, fences whoever had it, and begins a new epoch.
   *
   * @throws StoreFault if another owner is alive
   */
  Grant acquire();

  /** A lease that is held. Closing it gives it back. */
  interface Grant extends AutoCloseable {
    /** The epoch: higher than that of every grant before. */
    long epoch();

    /** Whether the lease is held for certain: only then may what is in memory be relied upon. */
    boolean validNow();

    /** Runs {@code action} once, if the lease is lost before it is given back. */
    void onLost(Runnable action);

    @Override
    void close();
  }
}
