package tidefs.nfs4;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tidefs.fs.Inode;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.CallbackPath;
import tidefs.nfs4.state.Delegation;
import tidefs.nfs4.state.FileState;
import tidefs.nfs4.state.Offload;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** An operation that the server asks of a client (RFC 8881 §20, RFC 7862 §16). */
sealed interface Callback {
  /** Its number. */
  int code();

  /** Writes its arguments. On the event loop of the connection. */
  void encode(XdrWriter out);

  /** The client's result, from its status on. */
  void answered(XdrReader in) throws XdrException;

  /** The client was not reached, or had no time. */
  void failed();

  private static void handle(XdrWriter out, FileState file) {
    handle(out, file.volume(), file.inode());
  }

  private static void handle(XdrWriter out, Volume volume, Inode inode) {
    FileHandle handle = volume.handles().of(inode.ino());
    out.opaque(Opaque.wrap(handle.toArray()));
  }

  private static void stateId(XdrWriter out, StateId id) {
    out.int32(id.seqid());
    out.int64(id.other());
    out.int32(id.otherTail());
  }

  /** CB_RECALL. A client that does not know the delegation may be about to hear of it. */
  record Recall(Delegation delegation) implements Callback {
    @Override
    public int code() {
      return 4;
    }

    @Override
    public void encode(XdrWriter out) {
      stateId(out, delegation.id());
      out.bool(false); // Contents are not about to be truncated.
      handle(out, delegation.file());
    }

    @Override
    public void answered(XdrReader in) throws XdrException {
      delegation.recallAnswered(in.int32() == Status.OK.code());
    }

    @Override
    public void failed() {
      delegation.recallAnswered(false);
    }
  }

  /** CB_OFFLOAD: a copy has ended (RFC 7862 §16.1). */
  record Offloaded(Offload offload) implements Callback {
    @Override
    public int code() {
      return 15;
    }

    @Override
    public void encode(XdrWriter out) {
      handle(out, offload.volume(), offload.target());
      stateId(out, offload.id());
      Status status = offload.ended().orElse(Status.SERVERFAULT);
      out.int32(status.code());
      if (status != Status.OK) {
        out.int64(offload.bytes());
        return;
      }
      out.int32(0); // No state id of a copy that goes on.
      out.int64(offload.bytes());
      out.int32(Stability.UNSTABLE.code());
      out.int64(offload.volume().fileSystem().incarnation());
    }

    @Override
    public void answered(XdrReader in) throws XdrException {
      if (in.int32() == Status.DELAY.code()) {
        offload.unheard();
      } else {
        offload.confirmed();
      }
    }

    @Override
    public void failed() {
      offload.unheard();
    }
  }

  /** CB_GETATTR of change and size. */
  record GetAttr(Delegation delegation, CompletableFuture<CallbackPath.HeldAttributes> result)
      implements Callback {
    @Override
    public int code() {
      return 3;
    }

    @Override
    public void encode(XdrWriter out) {
      handle(out, delegation.file());
      out.bitmap(Bitmap.of(Attribute.CHANGE, Attribute.SIZE));
    }

    @Override
    public void answered(XdrReader in) throws XdrException {
      decode(in).ifPresentOrElse(result::complete, this::failed);
    }

    /** What the client says; empty if it cannot. */
    static Optional<CallbackPath.HeldAttributes> decode(XdrReader in) throws XdrException {
      if (in.int32() != Status.OK.code()) {
        return Optional.empty();
      }
      Bitmap present = in.bitmap();
      if (!present.has(Attribute.CHANGE) || !present.has(Attribute.SIZE)) {
        return Optional.empty();
      }
      in.int32(); // Bytes of the values, in the order of their numbers: these two come first.
      return Optional.of(new CallbackPath.HeldAttributes(in.int64(), in.int64()));
    }

    @Override
    public void failed() {
      result.completeExceptionally(new CompletionException("the holder was not heard", null));
    }
  }
}
