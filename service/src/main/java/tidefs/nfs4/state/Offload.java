package tidefs.nfs4.state;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;

/**
 * A copy that goes on after its COPY was answered (RFC 7862 §4.8), as its client may ask about it.
 *
 * <pre>
 *   GOING --it is done, or fails--> ENDED, and the client is called until it answers --> gone
 *   GOING --OFFLOAD_CANCEL, the client's lease runs out--> gone after the piece under way, if any
 * </pre>
 */
public final class Offload {
  private final Client client;
  private final StateId id;
  private final Volume volume;
  private final Inode source;
  private final Inode target;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile long bytes;
  private volatile @Nullable Status ended;
  private int guard;

  // Guarded by this object's monitor.
  private boolean working;
  private boolean cancelled;
  private boolean calling;
  private @Nullable Runnable stalled;

  Offload(Client client, StateId id, Volume volume, Inode source, Inode target) {
    this.client = client;
    this.id = id;
    this.volume = volume;
    this.source = source;
    this.target = target;
  }

  /** Whose it is. */
  public Client client() {
    return client;
  }

  /** Its stateid. */
  public StateId id() {
    return id;
  }

  /** Where both files are. */
  public Volume volume() {
    return volume;
  }

  /** What is written to. */
  public Inode target() {
    return target;
  }

  /** How much is copied. */
  public long bytes() {
    return bytes;
  }

  /** How it has ended; empty while it goes on. */
  public Optional<Status> ended() {
    return Optional.ofNullable(ended);
  }

  /** Keeps the files from being removed, and the target from being delegated, until the end. */
  public void begin() {
    volume.fileSystem().retain(source);
    volume.fileSystem().retain(target);
    guard = volume.delegations().changing(target.ino());
  }

  private boolean isWanted() {
    return !cancelled && !client.isDropped() && !client.isExpired(client.domain().nanos());
  }

  /** A piece is to be copied. False, and it has ended, if nobody wants it any more. */
  public boolean resume() {
    synchronized (this) {
      working = ended == null && isWanted();
      if (working) {
        return true;
      }
    }
    end(Status.OK);
    return false;
  }

  /** The piece is copied, and is not the last. False, and it has ended, if it was cancelled. */
  public boolean pause() {
    synchronized (this) {
      working = false;
      if (!cancelled) {
        return true;
      }
    }
    end(Status.OK);
    return false;
  }

  /** So much is copied now. */
  public void progress(long copied) {
    bytes = copied;
  }

  /** It cannot go on now: {@code later} is to be called within seconds. */
  public synchronized void stall(Runnable later) {
    stalled = later;
  }

  /**
   * It does not go on any more. The client is called, if it still wants to know.
   *
   * @param status OK if all that there was is copied
   */
  public void end(Status status) {
    boolean wanted;
    synchronized (this) {
      if (ended != null) {
        return;
      }
      wanted = isWanted();
      ended = status;
    }
    try {
      volume.delegations().changed(guard);
      volume.fileSystem().release(source);
      volume.fileSystem().release(target);
    } finally {
      stopped.complete(null);
      if (wanted) {
        tell();
      } else {
        client.offloads().remove(this);
      }
    }
  }

  /** Ends it, and its stateid is bad from now on; complete when nothing is written any more. */
  public CompletableFuture<Void> cancel() {
    client.offloads().remove(this);
    boolean idle;
    synchronized (this) {
      cancelled = true;
      idle = !working;
    }
    if (idle) {
      end(Status.OK);
    }
    return stopped;
  }

  /** Does what is due: goes on, or calls a client that has not answered. */
  void tick() {
    Runnable later;
    synchronized (this) {
      later = stalled;
      stalled = null;
    }
    if (later != null) {
      later.run();
    } else if (ended != null) {
      tell();
    }
  }

  private void tell() {
    CallbackPath path = client.callbackPath();
    synchronized (this) {
      if (calling || path == null) {
        return;
      }
      calling = true;
    }
    path.offloaded(this);
  }

  /** The client has heard how it ended: nothing need be known of it any more. */
  public void confirmed() {
    client.offloads().remove(this);
  }

  /** The client was not reached, or had no time: it is called again. */
  public synchronized void unheard() {
    calling = false;
  }
}
