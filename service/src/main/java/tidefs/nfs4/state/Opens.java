package tidefs.nfs4.state;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.fs.Inode;
import tidefs.nfs4.op.Status;

/**
 * Opens, byte-range locks and delegations of the files of one volume. A client whose lease has run
 * out keeps what it has until it stands in another's way here: then it is dropped, and the other
 * goes on. A delegation in another's way is recalled, and the other told to come again.
 */
public final class Opens {
  private static final Logger log = LoggerFactory.getLogger(Opens.class);

  /** The most expired clients that one request drops. */
  private static final int MOST_IN_THE_WAY = 1_000;

  private final Volume volume;

  Opens(Volume volume) {
    this.volume = volume;
  }

  /**
   * Opens a file for an owner.
   *
   * @throws Refused SHARE_DENIED, DQUOT, DELAY while a delegation is recalled, or EXPIRED if the
   *     client was dropped meanwhile
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

  /** Takes an open back that was just made, of a file that went away meanwhile. */
  public void discard(OpenState open) {
    open.file().revoke(open);
  }

  /** Whether {@link #open} would be refused for another's share reservation or delegation. */
  public void checkOpen(Client client, Inode inode, int access, int deny) throws Refused {
    FileState file = volume.files().find(inode);
    if (file == null) {
      return;
    }
    retrying(() -> {
      file.checkOpen(client, access, deny, volume.nanos());
      return file;
    });
  }

  /**
   * Recalls the delegations of a file that a client wants to use without an open of its own, or
   * beyond what opens are for.
   *
   * @param client null for one who cannot have a delegation
   * @param changes whether it changes the file; else only delegations for writing matter
   * @throws Refused DELAY until they are returned
   */
  public void recall(@Nullable Client client, Inode inode, boolean changes) throws Refused {
    FileState file = volume.delegations().any() ? volume.files().find(inode) : null;
    if (file == null) {
      return;
    }
    retrying(() -> {
      file.checkDelegations(client, changes, volume.nanos());
      return file;
    });
  }

  /**
   * Delegates a file that the client has just opened.
   *
   * @param opener the user who did
   * @return null if that cannot be
   */
  public @Nullable Delegation delegate(
      Client client, Inode inode, Delegation.Kind kind, int opener, long changeAtGrant) {
    FileState file = volume.files().enter(inode);
    Delegation delegation = file.delegate(client, kind, opener, changeAtGrant);
    if (delegation == null) {
      volume.files().leave(file);
      return null;
    }
    boolean allowed = volume.delegations().add(kind, inode.ino(), volume.nanos());
    if (!allowed || client.isDropped()) {
      file.end(delegation, false);
      return null;
    }
    return delegation;
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
    T run() throws Refused, FileState.InTheWay, FileState.Delegated;
  }

  private <T extends @Nullable Object> T retrying(Attempt<T> attempt) throws Refused {
    for (int tries = 0; tries < MOST_IN_THE_WAY; tries++) {
      try {
        return attempt.run();
      } catch (FileState.InTheWay expired) {
        Client client = expired.client();
        client.domain().clients().dropExpired(client);
      } catch (FileState.Delegated inTheWay) {
        if (!recall(inTheWay.held())) {
          throw new Refused(Status.DELAY);
        }
      }
    }
    throw new Refused(Status.DELAY);
  }

  /** Asks for delegations, and revokes what is overdue; whether all of them are gone now. */
  private boolean recall(List<Delegation> held) {
    boolean gone = true;
    for (Delegation each : held) {
      long now = volume.nanos();
      volume.delegations().pause(each.file().inode().ino(), now);
      switch (each.next(now, each.client().domain().leaseNanos())) {
        case WAIT -> gone = false;
        case ASK -> {
          gone = false;
          CallbackPath path = each.client().callbackPath();
          if (path != null) {
            path.recall(each);
          }
        }
        case REVOKE -> {
          log.atWarn()
              .addKeyValue("client", each.client().id())
              .addKeyValue("fileSystem", volume.id())
              .addKeyValue("inode", each.file().inode().ino())
              .log("A delegation was not returned in time, and is revoked");
          each.file().end(each, true);
        }
      }
    }
    return gone;
  }
}
