package tidefs.nfs4.state;

import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;
import tidefs.nfs4.op.Status;

/**
 * Opens and byte-range locks of the files of one volume. A client whose lease has run out keeps
 * what it has until it stands in another's way here: then it is dropped, and the other goes on.
 */
public final class Opens {
  /** The most expired clients that one request drops. */
  private static final int MOST_IN_THE_WAY = 1_000;

  private final Volume volume;

  Opens(Volume volume) {
    this.volume = volume;
  }

  /**
   * Opens a file for an owner.
   *
   * @throws Refused SHARE_DENIED, DQUOT, or EXPIRED if the client was dropped meanwhile
   */
  public OpenState open(Owner owner, Inode inode, int access, int deny) throws Refused {
    FileState file = volume.files().enter(inode);
    boolean kept = false;
    try {
      OpenState open =
          retrying(() -> file.open(owner, access, deny, owner.client().domain().nanos()));
      kept = open.adopt();
      if (owner.client().isDropped()) {
        file.revoke(open);
        throw new Refused(Status.EXPIRED);
      }
      return open;
    } finally {
      if (!kept) {
        volume.files().leave(file);
      }
    }
  }

  /** Whether {@link #open} would be refused for another's share reservation. */
  public void checkOpen(Inode inode, int access, int deny) throws Refused {
    FileState file = volume.files().find(inode);
    if (file == null) {
      return;
    }
    retrying(() -> {
      file.checkOpen(access, deny, volume.nanos());
      return file;
    });
  }

  /**
   * Locks a range.
   *
   * @param waits whether the client will ask again if it does not get the lock
   * @return what stands in the way, or null if it was granted
   */
  public @Nullable Conflict lock(
      LockState lock, long first, long last, boolean exclusive, boolean waits) throws Refused {
    return retrying(() -> lock.file().lock(lock, first, last, exclusive, waits, volume.nanos()));
  }

  /** LOCKT: what stands in the way of a lock, or null. */
  public @Nullable Conflict conflict(
      @Nullable Owner owner, Inode inode, long first, long last, boolean exclusive) throws Refused {
    FileState file = volume.files().find(inode);
    if (file == null) {
      return null;
    }
    return retrying(() -> file.conflict(owner, first, last, exclusive, volume.nanos()));
  }

  private interface Attempt<T extends @Nullable Object> {
    T run() throws Refused, FileState.InTheWay;
  }

  private static <T extends @Nullable Object> T retrying(Attempt<T> attempt) throws Refused {
    for (int tries = 0; tries < MOST_IN_THE_WAY; tries++) {
      try {
        return attempt.run();
      } catch (FileState.InTheWay expired) {
        Client client = expired.client();
        client.domain().clients().dropExpired(client);
      }
    }
    throw new Refused(Status.DELAY);
  }
}
