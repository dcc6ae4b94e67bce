package tidefs.nfs4.state;

import java.time.Duration;
import tidefs.base.Invariant;

/**
 * How the NFS server behaves.
 *
 * @param lease how long a client may be silent before others may take its state
 * @param grace how long after a restart clients may reclaim, if any had state
 * @param slots slots of a session, at most {@value Limits#SLOTS}: requests in flight of a client
 * @param ioBytes largest READ or WRITE
 * @param operations most operations of one COMPOUND
 * @param shareDeny whether share reservations are kept as the RFC says; EFS refuses them
 * @param extensions whether what EFS does not have is offered: devices
 */
public record NfsConfig(
    Duration lease,
    Duration grace,
    int slots,
    int ioBytes,
    int operations,
    boolean shareDeny,
    boolean extensions) {
  /** What a COMPOUND may need beside the data of one READ or WRITE. */
  public static final int OVERHEAD_BYTES = 4 << 10;

  /** What EFS does, and our extensions. */
  public static final NfsConfig DEFAULTS =
      new NfsConfig(Duration.ofSeconds(90), Duration.ofSeconds(90), 64, 1 << 20, 128, false, true);

  /** Checks the ranges. */
  public NfsConfig {
    Invariant.check(lease.isPositive(), "the lease is positive");
    Invariant.check(!grace.isNegative(), "the grace period is not negative");
    Invariant.check(slots > 0 && slots <= Limits.SLOTS, "a session has 1 to 1,024 slots");
    Invariant.check(ioBytes >= 4096 && ioBytes <= 1 << 20, "READ and WRITE take 4 KiB to 1 MiB");
    Invariant.check(operations >= 8, "a COMPOUND has at least 8 operations");
  }

  /** The same with another lease and grace period. */
  public NfsConfig withLease(Duration time) {
    return new NfsConfig(time, time, slots, ioBytes, operations, shareDeny, extensions);
  }

  /** The same with share reservations as in the RFC, or refused as by EFS. */
  public NfsConfig withShareDeny(boolean kept) {
    return new NfsConfig(lease, grace, slots, ioBytes, operations, kept, extensions);
  }

  /** The same with the extensions or without. */
  public NfsConfig withExtensions(boolean offered) {
    return new NfsConfig(lease, grace, slots, ioBytes, operations, shareDeny, offered);
  }

  /** Largest request or reply of a session. */
  public int messageBytes() {
    return ioBytes + OVERHEAD_BYTES;
  }
}
