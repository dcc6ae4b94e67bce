package tidefs.nfs4;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.fs.AttributeChanges;
import tidefs.fs.Credentials;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.GetAttr;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.CallbackPath;
import tidefs.nfs4.state.Delegation;
import tidefs.nfs4.state.FileState;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Bitmap;

/**
 * GETATTR of a file that another client may have changed in its memory (RFC 8881 §10.4.3): it is
 * asked. If it has, the file changes here, too, in all but its contents, so that nobody takes what
 * he sees now for what he will see when the contents have come.
 */
final class HeldElsewhere {
  /** What the holder of a delegation for writing knows better. */
  private static final Bitmap HELD =
      Bitmap.of(
          Attribute.CHANGE,
          Attribute.SIZE,
          Attribute.SPACE_USED,
          Attribute.TIME_METADATA,
          Attribute.TIME_MODIFY);

  private static final AttributeChanges TOUCH =
      new AttributeChanges(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.of(new AttributeChanges.TimeChange.Now()));

  private HeldElsewhere() {}

  /** The delegation whose holder has to be asked, if there is one. */
  static @Nullable Delegation delegation(Compound c, Bitmap requested) throws Refused {
    Volume volume = c.current().volume();
    if (volume == null || !volume.delegations().anyWrites() || requested.and(HELD).isEmpty()) {
      return null;
    }
    FileState file = volume.files().find(c.inode());
    return file == null ? null : file.writtenBeside(c.client());
  }

  /** GETATTR, when the holder has answered; DELAY, and a recall, if he does not. */
  static Reply getAttr(Compound c, GetAttr call, Delegation beside) throws Refused, FsException {
    Volume volume = c.volume();
    Inode inode = c.inode();
    CallbackPath path = beside.client().callbackPath();
    if (path == null || beside.isRecalled()) {
      volume.opens().recall(c.client(), inode, false);
      throw new Refused(Status.DELAY);
    }
    Operation own = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    CompletableFuture<OptionalLong> size =
        path.attributes(beside)
            .thenApplyAsync(held -> learn(volume, inode, beside, held, own), c.program().workers())
            .exceptionally(_ -> OptionalLong.empty());
    return c.suspend(
        size.thenAccept(_ -> {}),
        () -> {
          OptionalLong now = size.join();
          if (now.isEmpty()) {
            volume.opens().recall(c.client(), inode, false);
            throw new Refused(Status.DELAY);
          }
          c.operation(volume).dependOn(own.dependsOn());
          NodeAttributes attributes = FileAttributes.ofCurrent(c);
          attributes.size(now.getAsLong());
          return new GetAttr.Ok(call.requested(), attributes);
        });
  }

  private static OptionalLong learn(
      Volume volume,
      Inode inode,
      Delegation beside,
      CallbackPath.HeldAttributes held,
      Operation own) {
    if (held.change() != beside.changeAtGrant()) {
      try {
        var _ = volume.fileSystem().setAttributes(own, inode, TOUCH, true);
      } catch (FsException gone) {
        throw new CompletionException(gone);
      }
    }
    return OptionalLong.of(held.size());
  }
}
