package tidefs.server;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.control.DataPlane;
import tidefs.nfs4.Export;
import tidefs.nfs4.Export.PseudoRoot;
import tidefs.nfs4.Exports;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Connection;
import tidefs.server.client.ClientExports;
import tidefs.server.keys.KeyUnusable;
import tidefs.store.StoreFault;

/**
 * Which connection sees what: the file system of the mount target whose address it came to, or, at
 * the shared listener, all file systems below one root.
 */
final class ExportTable implements Exports, PseudoRoot {
  private static final Logger log = LoggerFactory.getLogger(ExportTable.class);
  private static final Export.Root CLOSED = new Export.Root.Closed(Status.IO);

  /** Which file system is served where; it is opened when the first client comes. */
  private final Map<InetSocketAddress, String> byAddress = new ConcurrentHashMap<>();

  /** What is served without its files, because a key may not be used. */
  private final Map<InetSocketAddress, Export> closed = new ConcurrentHashMap<>();

  private final Function<String, Volume> opener;
  private final Function<String, StateDomain> domains;
  private final Optional<StateDomain> sharedDomain;
  private volatile @Nullable ClientExports clients;
  private volatile Set<String> guarded = Set.of();
  private volatile Shared shared = new Shared(1, List.of());

  /**
   * A table with a shared listener's domain, if there is one.
   *
   * @param opener opens a file system, and may take its time
   * @param domains makes the domain of a file system that is not open
   */
  ExportTable(
      Optional<StateDomain> sharedDomain,
      Function<String, Volume> opener,
      Function<String, StateDomain> domains) {
    this.opener = opener;
    this.domains = domains;
    this.sharedDomain = sharedDomain;
  }

  /** Who clients are and what they may do; before it is known, nobody sees anything. */
  void judgeBy(ClientExports judge) {
    clients = judge;
  }

  /**
   * Notes which file systems have policies: the shared listener, which knows nobody, hides them.
   */
  void refresh() {
    ClientExports judge = Objects.requireNonNull(clients);
    Set<String> found = new HashSet<>();
    for (Entry entry : shared.entries) {
      if (!judge.isOpenToAll(entry.name())) {
        found.add(entry.name());
      }
    }
    guarded = found;
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
    return byAddress.containsKey(address) || closed.containsKey(address);
  }

  /** Whether clients of this address are told that there is an I/O error. */
  boolean isClosed(InetSocketAddress address) {
    return closed.containsKey(address);
  }

  /** The addresses whose clients see a file system. */
  List<InetSocketAddress> addressesOf(String fileSystemId) {
    return byAddress.entrySet().stream()
        .filter(each -> each.getValue().equals(fileSystemId))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Clients that come to {@code address} see this file system. */
  void put(InetSocketAddress address, String fileSystemId) {
    byAddress.put(address, fileSystemId);
  }

  /** Clients that come to {@code address} are told that there is an I/O error. */
  void close(InetSocketAddress address, String fileSystemId) {
    closed.put(address, unreadable(fileSystemId));
    byAddress.remove(address);
  }

  private Export unreadable(String fileSystemId) {
    return new Export(domains.apply(fileSystemId), CLOSED, Export.AS_STATED, false);
  }

  /** Clients that come to {@code address} see nothing. */
  void remove(InetSocketAddress address) {
    closed.remove(address);
    byAddress.remove(address);
  }

  /** Whether there is a shared listener, which shows open file systems alone. */
  boolean hasShared() {
    return sharedDomain.isPresent();
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
    ClientExports judge = clients;
    if (judge == null) {
      return Optional.empty();
    }
    Export unreadable = closed.get(connection.localAddress());
    if (unreadable != null) {
      return Optional.of(unreadable);
    }
    String served = byAddress.get(connection.localAddress());
    if (served != null) {
      return opened(connection, served, judge);
    }
    Optional<Volume> named =
        sharedDomain.flatMap(_ -> ClientExports.named(connection)).map(shared.byName::get);
    if (named.isPresent()) {
      return judge.of(connection, named.get());
    }
    return sharedDomain.map(
        domain -> new Export(domain, new Export.Root.Shared(this), Export.AS_STATED, false));
  }

  /** A client of a file system that cannot be opened is cut off: it comes back, and waits. */
  private Optional<Export> opened(Connection connection, String id, ClientExports judge) {
    Volume volume;
    try {
      volume = opener.apply(id);
    } catch (KeyUnusable e) {
      return Optional.of(unreadable(id));
    } catch (StoreFault | DataPlane.Fault e) {
      log.atWarn().addKeyValue("fileSystem", id).setCause(e).log("Not open for a client");
      connection.close("its file system cannot be opened");
      return Optional.empty();
    }
    return judge.of(connection, volume);
  }

  /** Whether a connection may be to {@code volume}: those to the shared listener all may. */
  boolean shows(Connection connection, Volume volume) {
    String its = byAddress.get(connection.localAddress());
    return its == null ? sharedDomain.isPresent() : its.equals(volume.id());
  }

  @Override
  public Optional<Volume> lookup(String name) {
    return Optional.ofNullable(shared.byName.get(name)).filter(this::isOpen);
  }

  @Override
  public Optional<Volume> volume(long number) {
    return Optional.ofNullable(shared.byNumber.get(number)).filter(this::isOpen);
  }

  @Override
  public List<Entry> entries() {
    return shared.entries.stream().filter(entry -> isOpen(entry.volume())).toList();
  }

  private boolean isOpen(Volume volume) {
    return !guarded.contains(volume.id());
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
