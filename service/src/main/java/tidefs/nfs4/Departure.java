package tidefs.nfs4;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.CompoundHeader;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.DuplicateRequests;
import tidefs.nfs4.state.Slot;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.RpcCall;
import tidefs.xdr.XdrWriter;

/**
 * How a reply leaves: after what it depends on is durable, and when the throttle lets it. Only then
 * may a retry be answered with the reply that is kept: by the slot in 4.1, by the cache in 4.0.
 */
final class Departure {
  private final RpcCall call;
  private final DuplicateRequests duplicates;
  private @Nullable List<Dependency> dependencies;
  private @Nullable Slot slot;
  private DuplicateRequests.@Nullable Key request;
  private byte @Nullable [] reply;

  /** What a reply says instead if what it depends on cannot be made durable. */
  private @Nullable CompoundHeader header;

  private @Nullable Op first;
  private @Nullable Op second;
  private @Nullable Reply sequenced;

  private record Dependency(Volume volume, long sequence) {}

  Departure(RpcCall call, DuplicateRequests duplicates) {
    this.call = call;
    this.duplicates = duplicates;
  }

  /** The slot is busy until the reply leaves. */
  void occupy(Slot its) {
    slot = its;
  }

  /** The slot that is busy with the request, if any. */
  @Nullable Slot slot() {
    return slot;
  }

  /** Whether the request was noted in the cache of 4.0. */
  boolean isNoted() {
    return request != null;
  }

  /** The request is noted in the cache of 4.0. */
  void note(DuplicateRequests.Key key) {
    request = key;
  }

  /** What the cache of 4.0 will answer. */
  void keep(byte[] whole) {
    reply = whole;
  }

  /** The operation at {@code index} was performed. */
  void performed(CompoundHeader its, int index, Op operation, Reply result) {
    if (index == 0) {
      header = its;
      first = operation;
      sequenced = result;
    } else if (index == 1) {
      second = operation;
    }
  }

  /** The reply waits until {@code sequence} of the volume is durable. */
  void depend(Volume volume, long sequence) {
    if (volume.fileSystem().store().durableSequence() >= sequence) {
      return;
    }
    List<Dependency> all = dependencies;
    if (all == null) {
      all = new ArrayList<>(1);
      dependencies = all;
    }
    all.add(new Dependency(volume, sequence));
  }

  /** Lets the reply, which is written, go as soon as it may. */
  void leave(@Nullable CompletableFuture<Void> hold) {
    if (hold == null && dependencies == null) {
      send();
      return;
    }
    call.hold();
    if (hold == null) {
      awaitDurable(0);
    } else {
      var _ = hold.whenComplete((_, _) -> awaitDurable(0));
    }
  }

  /** Waits for one volume after the other; the last lets the reply go. */
  private void awaitDurable(int from) {
    List<Dependency> all = dependencies;
    if (all == null || from == all.size()) {
      send();
      return;
    }
    Dependency each = all.get(from);
    each.volume
        .fileSystem()
        .store()
        .whenDurable(
            each.sequence,
            durable -> {
              if (durable) {
                awaitDurable(from + 1);
              } else {
                abandon();
              }
            });
  }

  private void send() {
    freeSlot();
    DuplicateRequests.Key key = request;
    byte[] kept = reply;
    if (key != null && kept != null) {
      duplicates.end(key, kept);
    }
    call.send();
  }

  /** What was done will never be durable: nobody may be told that it was done. */
  private void abandon() {
    DuplicateRequests.Key key = request;
    if (key != null) {
      duplicates.abandon(key);
    }
    call.connection().execute(this::fail);
  }

  /** Answers that the first operation, behind a SEQUENCE, failed: the disk did. */
  private void fail() {
    CompoundHeader its = header;
    Slot busy = slot;
    Op failed = busy == null ? first : second;
    Reply before = sequenced;
    if (its == null || failed == null || before == null) {
      if (busy != null) {
        busy.keepNothing();
      }
      freeSlot();
      call.drop();
      call.connection().close("its reply could not be made durable");
      return;
    }
    XdrWriter out = call.reply();
    int headerAt = its.begin(out);
    Op sequence = first;
    if (busy != null && sequence != null) {
      out.int32(sequence.code());
      before.encode(out);
    }
    out.int32(failed.code());
    failed.refused(Status.IO).encode(out);
    its.finish(out, headerAt, Status.IO, busy == null ? 1 : 2);
    if (busy != null) {
      int bytes = out.position();
      out.copy(0, busy.keep(bytes), bytes);
    }
    freeSlot();
    call.send();
  }

  private void freeSlot() {
    Slot its = slot;
    if (its != null) {
      slot = null;
      its.end();
    }
  }
}
