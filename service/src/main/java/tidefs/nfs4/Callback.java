package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.CallbackPath;
import tidefs.nfs4.state.Delegation;
import tidefs.nfs4.state.FileState;
import tidefs.nfs4.state.Owner;
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
    FileHandle handle = file.volume().handles().of(file.inode().ino());
    out.opaque(Opaque.wrap(handle.toArray()));
  }

  /** CB_RECALL. A client that does not know the delegation may be about to hear of it. */
  record Recall(Delegation delegation) implements Callback {
    @Override
    public int code() {
      return 4;
    }

    @Override
    public void encode(XdrWriter out) {
      var id = delegation.id();
      out.int32(id.seqid());
      out.int64(id.other());
      out.int32(id.otherTail());
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

  /** CB_NOTIFY_LOCK. One that gets lost is made up for: the client asks now and then by itself. */
  record NotifyLock(FileState file, Owner waiting) implements Callback {
    @Override
    public int code() {
      return 13;
    }

    @Override
    public void encode(XdrWriter out) {
      handle(out, file);
      out.int64(waiting.client().id());
      out.opaque(waiting.name());
    }

    @Override
    public void answered(XdrReader in) throws XdrException {
      in.int32();
    }

    @Override
    public void failed() {}
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
      if (in.int32() != Status.OK.code()) {
        failed();
        return;
      }
      Bitmap present = in.bitmap();
      if (!present.has(Attribute.CHANGE) || !present.has(Attribute.SIZE)) {
        failed();
        return;
      }
      in.int32(); // Bytes of the values, in the order of their numbers: these two come first.
      result.complete(new CallbackPath.HeldAttributes(in.int64(), in.int64()));
    }

    @Override
    public void failed() {
      result.completeExceptionally(new CompletionException("the holder was not heard", null));
    }
  }
}
