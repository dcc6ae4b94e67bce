package tidefs.nfs4;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.state.DuplicateRequests;
import tidefs.nfs4.state.Slot;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.RpcCall;

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

  private void abandon() {
    freeSlot();
    DuplicateRequests.Key key = request;
    if (key != null) {
      duplicates.abandon(key);
    }
    call.drop();
    call.connection().close("its reply could not be made durable");
  }

  private void freeSlot() {
    Slot its = slot;
    if (its != null) {
      slot = null;
      its.end();
    }
  }
}
