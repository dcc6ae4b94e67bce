package tidefs.nfs4.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.fs.Credentials;
import tidefs.fs.FileSystem;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Status;
import tidefs.xdr.Opaque;

/**
 * What one file system remembers of clients beyond a restart, and its grace period (RFC 8881 §8.4).
 *
 * <p>A client is recorded with its first OPEN, in the group commit that the OPEN waits for, and
 * forgotten when it is dropped. If records are found at the start, there is a grace period:
 * recorded clients reclaim what they had, others wait. It ends when its time is over, or when every
 * recorded client has said that it is complete. Records of clients that did not come back go with
 * it, so that none of them reclaims after a later restart what others may have had meanwhile.
 */
public final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private static final byte CLIENT = 'c';
  private static final byte FORMAT = 1;

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Executor background;
  private final long graceUntilNanos;

  /** Keys of recorded clients that may still reclaim; empty outside the grace period. */
  private final Set<Opaque> awaited = ConcurrentHashMap.newKeySet();

  /** Keys of recorded clients that were heard of since the start. */
  private final Set<Opaque> returned = ConcurrentHashMap.newKeySet();

  private volatile boolean grace;

  Recovery(FileSystem fileSystem, Duration time, Clock clock, Executor background) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.background = background;
    graceUntilNanos = clock.monotonicNanos() + time.toNanos();
    fileSystem
        .recoveryRecords()
        .forEach((key, _) -> {
          if (key.length > 1 && key[0] == CLIENT) {
            awaited.add(Opaque.of(key));
          }
        });
    grace = !awaited.isEmpty() && time.isPositive();
    if (grace) {
      log.atInfo().addKeyValue("clients", awaited.size()).log("Grace period begins");
    }
  }

  /** Whether clients are reclaiming, so that others have to wait. */
  public boolean isGrace() {
    return grace;
  }

  /**
   * A client opens or locks something new: GRACE while others reclaim, or (in 4.1) while it has not
   * said that it has nothing to reclaim itself.
   */
  public void checkNew(Client client) throws Refused {
    if (grace && client.isReclaimComplete()) {
      complete(client); // It may have said so before this file system was there.
    }
    if (grace || (client.name().minorVersion() > 0 && !client.isReclaimComplete())) {
      throw new Refused(Status.GRACE);
    }
  }

  /** Whether a client had something before the restart, and has not said that it has it again. */
  public boolean awaits(Client client) {
    return grace && !client.isReclaimComplete() && awaited.contains(key(client));
  }

  /** A client reclaims: NO_GRACE when it is too late, RECLAIM_BAD if it had nothing. */
  public void checkReclaim(Client client) throws Refused {
    if (!grace || client.isReclaimComplete()) {
      throw new Refused(Status.NO_GRACE);
    }
    if (!awaited.contains(key(client))) {
      throw new Refused(Status.RECLAIM_BAD);
    }
  }

  /** Records a client that is about to open something; {@code operation} waits for it. */
  public void record(Operation operation, Client client, Volume volume) {
    if (client.recordedIn().contains(volume)) {
      return;
    }
    Opaque key = key(client);
    byte[] name = client.name().owner().array();
    byte[] value =
        ByteBuffer.allocate(2 + Math.min(name.length, 256))
            .put(FORMAT)
            .put((byte) client.name().minorVersion())
            .put(name, 0, Math.min(name.length, 256))
            .array();
    fileSystem.recoveryRecords().put(operation, key.toArray(), value);
    returned.add(key);
    client.recordedIn().add(volume);
  }

  /** A client has reclaimed all it wants; the last one ends the grace period. */
  public void complete(Client client) {
    if (!grace) {
      return;
    }
    Opaque key = key(client);
    if (awaited.remove(key) && !returned.contains(key)) {
      removeSoon(key);
    }
    if (awaited.isEmpty()) {
      end();
    }
  }

  /** Ends the grace period when its time is over. */
  void sweep() {
    if (grace && clock.monotonicNanos() - graceUntilNanos >= 0) {
      end();
    }
  }

  private synchronized void end() {
    if (!grace) {
      return;
    }
    grace = false;
    log.atInfo().addKeyValue("missing", awaited.size()).log("Grace period ends");
    for (Opaque key : awaited) {
      if (!returned.contains(key)) {
        removeSoon(key);
      }
    }
    awaited.clear();
  }

  /** A client was dropped: it may not reclaim after a restart. */
  void forgetSoon(Client client) {
    Opaque key = key(client);
    returned.remove(key);
    removeSoon(key);
  }

  /** The removal may wait; no reply depends on it: losing it lets a client reclaim what it lost. */
  private void removeSoon(Opaque key) {
    try {
      background.execute(() -> {
        Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
        fileSystem.recoveryRecords().remove(operation, key.toArray());
      });
    } catch (RejectedExecutionException stopping) {
      log.atDebug().log("The server stops before a client's record is removed");
    }
  }

  private static Opaque key(Client client) {
    byte[] domain = client.domain().name().getBytes(StandardCharsets.UTF_8);
    byte[] owner = client.name().owner().array();
    byte[] hash =
        Volume.sha256(
            ByteBuffer.allocate(2 + domain.length + owner.length)
                .put((byte) client.name().minorVersion())
                .put(domain)
                .put((byte) 0)
                .put(owner)
                .array());
    return Opaque.wrap(ByteBuffer.allocate(1 + hash.length).put(CLIENT).put(hash).array());
  }
}
