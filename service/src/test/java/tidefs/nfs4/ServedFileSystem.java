package tidefs.nfs4;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tidefs.base.Chance;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsPolicy;
import tidefs.store.StoreResources;
import tidefs.testkit.Credentials;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.ManualClock;
import tidefs.testkit.NfsClient;

/**
 * A file system in memory, served over NFS on a free port, which can be killed and served again. If
 * it is shared, another one lies beside it, below one root.
 */
final class ServedFileSystem implements AutoCloseable {
  final FileSystemRig rig;
  final ManualClock clock = new ManualClock();

  /** Whom requests are accounted to. */
  volatile Throttle throttle = Throttle.NONE;

  private final NfsConfig config;
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final Optional<FileSystemRig> beside;
  private Volume volume;
  private RpcServer server;
  private InetSocketAddress address;

  ServedFileSystem(Path directory, StoreResources resources, NfsConfig config, boolean shared)
      throws Exception {
    rig = new FileSystemRig(directory, resources, 1);
    this.config = config;
    beside =
        shared
            ? Optional.of(new FileSystemRig(directory.resolve("beside"), resources, 2))
            : Optional.empty();
    serve();
  }

  private void serve() throws Exception {
    Chance chance = new Random(clock.now().toEpochMilli())::nextBytes;
    volume = Volume.open("fs-test", rig.fs(), config, clock, chance, Runnable::run);
    Export export = Export.of(volume);
    if (beside.isPresent()) {
      Volume other =
          Volume.open("fs-other", beside.get().fs(), config, clock, chance, Runnable::run);
      export =
          new Export(
              new StateDomain("shared", config, clock, chance),
              new Export.Root.Shared(new Names(List.of(volume, other))),
              Export.AS_STATED,
              false);
    }
    Optional<Export> seen = Optional.of(export);
    NfsProgram program =
        new NfsProgram(_ -> seen, (of, traffic) -> throttle.charge(of, traffic), workers);
    server =
        new RpcServer(
            List.of(program), Limits.DEFAULTS, TlsPolicy.REFUSE, tidefs.base.Clock.system(), 1);
    address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private record Names(List<Volume> volumes) implements Export.PseudoRoot {
    @Override
    public Optional<Volume> lookup(String name) {
      return volumes.stream().filter(it -> it.id().equals(name)).findFirst();
    }

    @Override
    public Optional<Volume> volume(long number) {
      return volumes.stream().filter(it -> it.number() == number).findFirst();
    }

    @Override
    public List<Entry> entries() {
      return volumes.stream().map(it -> new Entry(it.id(), it)).toList();
    }

    @Override
    public long change() {
      return 1;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  Volume volume() {
    return volume;
  }

  NfsClient client(int minorVersion, String name) throws IOException {
    return NfsClient.connect(address, minorVersion, Credentials.ROOT, name);
  }

  /** The process dies, and another serves what it left, a second later and elsewhere. */
  void killAndServeAgain() throws Exception {
    server.close();
    rig.kill();
    clock.advance(java.time.Duration.ofSeconds(1));
    serve();
  }

  @Override
  public void close() {
    server.close();
    workers.shutdown();
    rig.close();
    beside.ifPresent(FileSystemRig::close);
  }
}
