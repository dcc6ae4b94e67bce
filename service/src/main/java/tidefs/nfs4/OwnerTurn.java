package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Owner;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.XdrWriter;

/**
 * The turn of a 4.0 owner whose sequence number the operation under way carries (RFC 7530 §9.1.7).
 */
final class OwnerTurn {
  private @Nullable Owner owner;
  private int seqid;

  /** The owner's turn has begun. */
  void begin(Owner its, int number) {
    owner = its;
    seqid = number;
  }

  /** The turn, if there is one, does not count: the operation will be repeated, or was before. */
  void pass() {
    Owner its = owner;
    if (its != null) {
      owner = null;
      its.pass();
    }
  }

  /** Ends the turn, if there is one, with the operation's result: from {@code from} on. */
  void end(Status status, XdrWriter out, int from, Place current) {
    Owner its = owner;
    if (its == null) {
      return;
    }
    switch (status) {
      case STALE_CLIENTID,
          STALE_STATEID,
          BAD_STATEID,
          BAD_SEQID,
          BADXDR,
          RESOURCE,
          NOFILEHANDLE,
          MOVED ->
          pass();
      default -> {
        owner = null;
        byte[] result = new byte[out.position() - from];
        out.copy(from, result, result.length);
        Volume volume = current.volume();
        Inode inode = current.inode();
        its.end(
            seqid,
            result,
            volume == null || inode == null ? null : volume.handles().of(inode.ino()));
      }
    }
  }
}
