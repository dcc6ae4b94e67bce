package tidefs.nfs4.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;
import tidefs.nfs4.op.StateId;

/** A client's copies that go on, or of whose end it has not heard: a bounded number. */
public final class Offloads {
  /** Marks the index in a stateid: no other state has one that is negative. */
  private static final int MARK = 1 << 31;

  private final Client client;

  /** By stateid, the oldest first. Guarded by this object's monitor. */
  private final Map<StateId, Offload> all = new LinkedHashMap<>();

  private int next;

  Offloads(Client client) {
    this.client = client;
  }

  /** One more; null if there are too many. */
  public synchronized @Nullable Offload begin(Volume volume, Inode source, Inode target) {
    if (all.size() >= Limits.COPIES_PER_CLIENT) {
      List<Offload> ended = all.values().stream().filter(it -> it.ended().isPresent()).toList();
      if (ended.isEmpty()) {
        return null;
      }
      all.remove(ended.getFirst().id());
    }
    StateDomain domain = client.domain();
    long other = ((long) domain.boot() << Integer.SIZE) | ((next++ | MARK) & 0xffff_ffffL);
    StateId id = new StateId(1, other, (int) domain.chance().nextLong());
    Offload offload = new Offload(client, id, volume, source, target);
    all.put(id, offload);
    return offload;
  }

  /** The one with this stateid, whose sequence number is not 0 (RFC 7862 §4.8). */
  public synchronized @Nullable Offload find(StateId id) {
    return all.get(id);
  }

  synchronized void remove(Offload offload) {
    all.remove(offload.id(), offload);
  }

  private synchronized List<Offload> list() {
    return all.isEmpty() ? List.of() : List.copyOf(all.values());
  }

  /** Does what is due. Every few seconds. */
  void tick() {
    list().forEach(Offload::tick);
  }

  /** The client is gone: so are its copies, after the piece that is under way. */
  void drop() {
    for (Offload each : list()) {
      var _ = each.cancel();
    }
  }
}
