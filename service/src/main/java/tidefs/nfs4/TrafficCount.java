package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Allocate;
import tidefs.nfs4.op.Clone;
import tidefs.nfs4.op.Commit;
import tidefs.nfs4.op.Copy;
import tidefs.nfs4.op.Create;
import tidefs.nfs4.op.Deallocate;
import tidefs.nfs4.op.GetAttr;
import tidefs.nfs4.op.GetFh;
import tidefs.nfs4.op.Link;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Open;
import tidefs.nfs4.op.PutFh;
import tidefs.nfs4.op.PutPubFh;
import tidefs.nfs4.op.PutRootFh;
import tidefs.nfs4.op.Read;
import tidefs.nfs4.op.ReadPlus;
import tidefs.nfs4.op.Remove;
import tidefs.nfs4.op.RemoveXattr;
import tidefs.nfs4.op.Rename;
import tidefs.nfs4.op.RestoreFh;
import tidefs.nfs4.op.SaveFh;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.SetAttr;
import tidefs.nfs4.op.SetXattr;
import tidefs.nfs4.op.Write;
import tidefs.nfs4.state.Session;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.RpcCall;

/** Adds up what the operations of one COMPOUND move. */
final class TrafficCount {
  /** The result of READ before the data: number, status, eof and length. */
  private static final int READ_RESULT_BYTES = 16;

  private final long startNanos;
  private int principal = Sequence.CODE;
  private Traffic.Kind kind = Traffic.Kind.METADATA_READ;
  private long dataBytes;

  TrafficCount(long startNanos) {
    this.startNanos = startNanos;
  }

  /** Adds an operation, with the size of its result. */
  void add(Op op, int resultBytes) {
    switch (op.code()) {
      case Read.CODE -> data(Read.CODE, Traffic.Kind.DATA_READ, resultBytes - READ_RESULT_BYTES);
      case ReadPlus.CODE ->
          data(ReadPlus.CODE, Traffic.Kind.DATA_READ, resultBytes - READ_RESULT_BYTES);
      case Write.CODE -> {
        if (op instanceof Write write) {
          data(Write.CODE, Traffic.Kind.DATA_WRITE, write.data().readableBytes());
        }
      }
      case Sequence.CODE,
          PutFh.CODE,
          PutRootFh.CODE,
          PutPubFh.CODE,
          GetFh.CODE,
          SaveFh.CODE,
          RestoreFh.CODE -> {}
      case GetAttr.CODE -> principal = principal == Sequence.CODE ? GetAttr.CODE : principal;
      case Create.CODE,
          Link.CODE,
          Remove.CODE,
          Rename.CODE,
          SetAttr.CODE,
          Commit.CODE,
          Allocate.CODE,
          Deallocate.CODE,
          Copy.CODE,
          Clone.CODE,
          SetXattr.CODE,
          RemoveXattr.CODE ->
          metadata(op.code(), true);
      case Open.CODE -> metadata(Open.CODE, op instanceof Open open && open.how().creates());
      default -> metadata(op.code(), false);
    }
  }

  /** Adds bytes that the server itself read and wrote for a COPY or CLONE. */
  void copied(int code, long bytes) {
    data(code, Traffic.Kind.DATA_WRITE, 2L * bytes);
  }

  private void data(int code, Traffic.Kind its, long bytes) {
    principal = code;
    kind = its;
    dataBytes += Math.max(bytes, 0);
  }

  private void metadata(int code, boolean changes) {
    if (kind == Traffic.Kind.DATA_READ || kind == Traffic.Kind.DATA_WRITE) {
      return;
    }
    if (principal == Sequence.CODE || principal == GetAttr.CODE || changes) {
      principal = code;
    }
    if (changes) {
      kind = Traffic.Kind.METADATA_WRITE;
    }
  }

  /**
   * Accounts for the whole.
   *
   * @param volume the file system it was about; null if about none
   * @param messageBytes of the request, and of the reply without its RPC header
   * @return when the reply may leave; null for at once
   */
  @Nullable CompletableFuture<Void> charge(
      Throttle throttle,
      @Nullable Volume volume,
      SequenceUse sequence,
      RpcCall call,
      int messageBytes) {
    if (volume == null) {
      return null;
    }
    Session session = sequence.session();
    Object client = session == null ? call.connection() : session.client();
    boolean data = kind == Traffic.Kind.DATA_READ || kind == Traffic.Kind.DATA_WRITE;
    long bytes = data ? dataBytes : (long) messageBytes + SequenceUse.RPC_REPLY_BYTES;
    return throttle.charge(volume, new Traffic(client, kind, principal, bytes, startNanos));
  }
}
