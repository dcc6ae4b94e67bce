package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.fs.FsException;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Owner;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/** The sequence numbers of owners in 4.0 (RFC 7530 §9.1.7). */
final class OwnerTurns {
  private OwnerTurns() {}

  /** Begins an OPEN; the result to be sent if it is a repetition. */
  static @Nullable Reply beginOpen(Compound c, Owner owner, int seqid) throws Refused {
    if (!owner.isConfirmed() && !owner.isRepetition(seqid)) {
      owner.beginAfresh();
      owner.client().revokeOpensOf(owner);
      c.ownerTurn().begin(owner, seqid);
      return null;
    }
    return begin(c, owner, seqid);
  }

  /** Begins another operation of the owner; the result to be sent if it is a repetition. */
  static @Nullable Reply begin(Compound c, Owner owner, int seqid) throws Refused {
    return switch (owner.begin(seqid)) {
      case NEW -> {
        owner.forgetClosed();
        c.ownerTurn().begin(owner, seqid);
        yield null;
      }
      case REPLAY -> {
        byte[] result = owner.reply();
        if (result == null) {
          throw new Refused(Status.BAD_SEQID);
        }
        yield repeat(c, owner, result);
      }
    };
  }

  /** The result again, and the file handle that went with it; the turn is not counted. */
  private static Reply repeat(Compound c, Owner owner, byte[] result) {
    FileHandle file = owner.replyFile();
    if (file != null) {
      try {
        Namespace.goTo(c, file);
      } catch (Refused | FsException gone) {
        c.current().clear();
      }
    }
    owner.pass();
    Volume volume = c.current().volume();
    if (volume != null) {
      // The first reply may still wait for what it depends on.
      c.operation(volume).dependOn(volume.fileSystem().store().appliedSequence());
    }
    return c.written(result);
  }
}
