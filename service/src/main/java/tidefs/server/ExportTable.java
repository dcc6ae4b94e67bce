package tidefs.server;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.nfs4.Export;
import tidefs.nfs4.Export.PseudoRoot;
import tidefs.nfs4.Exports;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Connection;

/**
 * Which connection sees what: the file system of the mount target whose address it came to, or, at
 * the shared listener, all file systems below one root.
 */
final class ExportTable implements Exports, PseudoRoot {
  private final Map<InetSocketAddress, Volume> byAddress = new ConcurrentHashMap<>();
  private final Optional<StateDomain> sharedDomain;
  private volatile Shared shared = new Shared(1, List.of());

  /** A table with a shared listener's domain, if there is one. */
  ExportTable(Optional<StateDomain> sharedDomain) {
    this.sharedDomain = sharedDomain;
  }

  /** The file systems of the shared listener at one time. */
  private record Shared(
      long change, List<Entry> entries, Map<String, Volume> byName, Map<Long, Volume> byNumber) {
    Shared(long change, List<Entry> entries) {
      this(change, List.copyOf(entries), new HashMap<>(), new HashMap<>());
      for (Entry entry : entries) {
        byName.put(entry.name(), entry.volume());
        byNumber.put(entry.volume().number(), entry.volume());
      }
    }
  }

  /** Whether clients of this address see anything. */
  boolean has(InetSocketAddress address) {
    return byAddress.containsKey(address);
  }

  /** Clients that come to {@code address} see {@code volume}. */
  void put(InetSocketAddress address, Volume volume) {
    byAddress.put(address, volume);
  }

  /** Clients that come to {@code address} see nothing. */
  void remove(InetSocketAddress address) {
    byAddress.remove(address);
  }

  /** Shows a file system at the shared listener. */
  synchronized void share(Volume volume) {
    List<Entry> entries = without(volume.id());
    entries.add(new Entry(volume.id(), volume));
    entries.sort(Comparator.comparing(Entry::name));
    shared = new Shared(shared.change + 1, entries);
  }

  /** Shows a file system no more at the shared listener. */
  synchronized void unshare(String id) {
    shared = new Shared(shared.change + 1, without(id));
  }

  @Override
  public Optional<Export> of(Connection connection) {
    Volume volume = byAddress.get(connection.localAddress());
    if (volume != null) {
      return Optional.of(Export.of(volume));
    }
    return sharedDomain.map(
        domain -> new Export(domain, new Export.Root.Shared(this), Export.AS_STATED, false));
  }

  /** Whether a connection may be to {@code volume}: those to the shared listener all may. */
  boolean shows(Connection connection, Volume volume) {
    Volume its = byAddress.get(connection.localAddress());
    return its == null ? sharedDomain.isPresent() : its == volume;
  }

  @Override
  public Optional<Volume> lookup(String name) {
    return Optional.ofNullable(shared.byName.get(name));
  }

  @Override
  public Optional<Volume> volume(long number) {
    return Optional.ofNullable(shared.byNumber.get(number));
  }

  @Override
  public List<Entry> entries() {
    return shared.entries;
  }

  @Override
  public long change() {
    return shared.change;
  }

  private List<Entry> without(String id) {
    List<Entry> rest = new ArrayList<>(shared.entries);
    rest.removeIf(entry -> entry.name().equals(id));
    return rest;
  }
}
