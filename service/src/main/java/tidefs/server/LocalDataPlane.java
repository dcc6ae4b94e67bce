package tidefs.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.control.DataPlane;
import tidefs.control.MeteredSize;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.BindFailure;
import tidefs.rpc.RpcServer;
import tidefs.server.keys.FileSystemKeys;
import tidefs.server.keys.KeyUnusable;
import tidefs.store.StoreFault;

/** The data plane of one process: file systems in a data directory, served by its NFS listeners. */
final class LocalDataPlane implements DataPlane {
  private static final Logger log = LoggerFactory.getLogger(LocalDataPlane.class);

  /** What EFS meters an empty file system at ("How Amazon EFS reports file system sizes"). */
  private static final long EMPTY_BYTES = 6 << 10;

  private final DataDirectory directory;
  private final FileSystemKeys keys;
  private final Volumes volumes;
  private final ExportTable exports;
  private final RpcServer rpc;
  private final Background background;
  private final Clock clock;
  private final int port;

  /** Exports that are served without their files, whose keys may not be used. */
  private final ConcurrentHashMap<InetSocketAddress, Export> closed = new ConcurrentHashMap<>();

  private final MeteredSizes sizes;
  private final Set<String> measuring = ConcurrentHashMap.newKeySet();

  LocalDataPlane(
      DataDirectory directory,
      FileSystemKeys keys,
      Volumes volumes,
      ExportTable exports,
      RpcServer rpc,
      Background background,
      Clock clock,
      int port,
      MeteredSizes sizes) {
    this.directory = directory;
    this.keys = keys;
    this.volumes = volumes;
    this.exports = exports;
    this.rpc = rpc;
    this.background = background;
    this.clock = clock;
    this.port = port;
    this.sizes = sizes;
  }

  @Override
  public void createFileSystem(String fileSystemId, Optional<String> kmsKey) {
    kmsKey.ifPresent(key -> encrypt(fileSystemId, key));
    Volume made = opened(fileSystemId, volumes::create);
    if (exports.hasShared()) {
      exports.share(made);
    } else { // It costs nothing until somebody needs it.
      sizes.keep(Map.of(fileSystemId, Volumes.meteredSize(made.fileSystem().usage(), clock.now())));
      volumes.close(fileSystemId);
    }
  }

  private void encrypt(String fileSystemId, String kmsKey) {
    try {
      keys.make(fileSystemId, kmsKey);
    } catch (StoreFault e) {
      throw new Fault(
          "file system " + fileSystemId + " could not be encrypted: " + e.getMessage(), e);
    }
  }

  @Override
  public void deleteFileSystem(String fileSystemId) {
    exports.unshare(fileSystemId);
    try {
      volumes.close(fileSystemId, () -> discard(fileSystemId));
    } catch (StoreFault e) {
      log.atWarn()
          .addKeyValue("fileSystem", fileSystemId)
          .setCause(e)
          .log("A file system that is deleted could not be closed");
    }
    sizes.forget(fileSystemId);
    background.run(this::reclaim);
  }

  private void discard(String fileSystemId) {
    try {
      directory.discard(fileSystemId);
    } catch (IOException e) {
      throw new Fault("the file system's folder could not be moved away: " + e, e);
    }
  }

  /**
   * Replaces a file system by an empty one; whoever has it mounted is cut off. If this is cut off
   * itself, the file system is not there, or half made, until it is {@link #finished}.
   */
  void reset(String fileSystemId, Optional<String> kmsKey) {
    List<InetSocketAddress> addresses = exports.addressesOf(fileSystemId);
    addresses.forEach(rpc::unbind);
    try {
      deleteFileSystem(fileSystemId);
      createFileSystem(fileSystemId, kmsKey);
    } finally {
      addresses.stream().filter(exports::has).forEach(this::bind);
    }
    log.atInfo().addKeyValue("fileSystem", fileSystemId).log("File system emptied for a copy");
  }

  /** The file system, open; what a {@link #reset} that was cut off has left is made whole first. */
  Volume finished(String fileSystemId, Optional<String> kmsKey) {
    Optional<Volume> open = volumes.opened(fileSystemId);
    if (open.isPresent()) {
      return open.get();
    }
    kmsKey.ifPresent(key -> encrypt(fileSystemId, key));
    return opened(fileSystemId, volumes::create);
  }

  @Override
  public void listen(Export export) {
    InetSocketAddress address = address(export);
    if (exports.has(address)) {
      return;
    }
    if (!directory.holds(export.fileSystemId())) {
      throw new Fault(
          "file system "
              + export.fileSystemId()
              + " is not in "
              + directory.path()
              + ": restore its folder from a backup, or delete the file system");
    }
    exports.put(address, export.fileSystemId());
    bind(address);
  }

  @Override
  public void publish(Export export) {
    InetSocketAddress address = address(export);
    if (exports.isClosed(address)) {
      return;
    }
    listen(export);
    try {
      exports.share(volumes.open(export.fileSystemId()));
    } catch (KeyUnusable e) {
      log.atWarn()
          .addKeyValue("fileSystem", export.fileSystemId())
          .addKeyValue("reason", e.getMessage())
          .log("Served without its files: every access is an I/O error until its key is usable");
      exports.close(address, export.fileSystemId());
      closed.put(address, export);
    } catch (StoreFault e) {
      withdraw(export);
      throw unopened(export.fileSystemId(), e);
    } catch (Fault e) {
      withdraw(export);
      throw e;
    }
  }

  private void bind(InetSocketAddress address) {
    try {
      rpc.bind(address);
    } catch (BindFailure e) {
      exports.remove(address);
      throw new Fault(Addresses.explain(address, e, "nfs.port"), e);
    }
  }

  @Override
  public void withdraw(Export export) {
    InetSocketAddress address = address(export);
    closed.remove(address);
    rpc.unbind(address);
    exports.remove(address);
  }

  /** Serves the files again of which the keys have become usable. */
  void openClosed() {
    closed.forEach((address, export) -> {
      if (keys.standing(export.fileSystemId()) == FileSystemKeys.Standing.USABLE
          && closed.remove(address, export)) {
        rpc.unbind(address);
        exports.remove(address);
        publishAgain(address, export);
      }
    });
  }

  private void publishAgain(InetSocketAddress address, Export export) {
    try {
      publish(export);
    } catch (Fault e) {
      log.atWarn().setCause(e).log("Not served yet, though its key is usable; will be repeated");
      closed.put(address, export);
    }
  }

  @Override
  public MeteredSize meteredSize(String fileSystemId) {
    Optional<MeteredSize> known = volumes.size(fileSystemId).or(() -> sizes.of(fileSystemId));
    if (known.isPresent()) {
      return known.get();
    }
    if (directory.holds(fileSystemId) && measuring.add(fileSystemId)) {
      background.run(() -> measure(fileSystemId));
    }
    return new MeteredSize(EMPTY_BYTES, 0, 0, clock.now());
  }

  /** Shows a file system at the shared listener. */
  void share(String fileSystemId) {
    exports.share(open(fileSystemId));
  }

  /** Frees the space of deleted file systems. */
  void reclaim() {
    try {
      directory.reclaim();
    } catch (IOException e) {
      log.atWarn().setCause(e).log("Space of a deleted file system is not free; tried again later");
    }
  }

  /** Opens a file system that nothing else needs open, to learn its size. */
  private void measure(String fileSystemId) {
    try {
      open(fileSystemId);
    } finally {
      measuring.remove(fileSystemId);
    }
  }

  private Volume open(String fileSystemId) {
    return opened(fileSystemId, volumes::open);
  }

  private static Volume opened(String fileSystemId, Function<String, Volume> way) {
    try {
      return way.apply(fileSystemId);
    } catch (StoreFault e) {
      throw unopened(fileSystemId, e);
    }
  }

  private static Fault unopened(String fileSystemId, StoreFault e) {
    return new Fault(
        "file system "
            + fileSystemId
            + " could not be opened: "
            + e.getMessage()
            + " (with the server stopped, 'tidefs fsck' tells more)",
        e);
  }

  private InetSocketAddress address(Export export) {
    return new InetSocketAddress(export.address(), port);
  }
}
