package tidefs.nfs4;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tidefs.base.Chance;
import tidefs.fs.FileSystem;
import tidefs.fs.FileSystemConfig;
import tidefs.fs.Fsck;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsPolicy;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.store.local.ChunkResources;
import tidefs.store.local.LocalChunkStore;
import tidefs.store.local.LocalJournal;
import tidefs.testkit.Credentials;
import tidefs.testkit.FaultIo;
import tidefs.testkit.ManualClock;
import tidefs.testkit.NfsClient;

/** A file system on a disk with faults, served over NFS on a free port. */
final class ServedDisk implements AutoCloseable {
  final FaultIo io = new FaultIo();
  final ManualClock clock = new ManualClock();
  final FileSystem fileSystem;
  private final StoreResources resources = new StoreResources(32L << 20);
  private final ChunkResources chunkResources = new ChunkResources(64L << 20);
  private final MetadataStore store;
  private final LocalChunkStore chunks;
  private final ExecutorService workers = Executors.newFixedThreadPool(4);
  private final RpcServer server;
  private final InetSocketAddress address;

  ServedDisk(Path directory) throws IOException {
    Chance chance = Chance.system();
    LocalJournal journal = LocalJournal.open(io, directory.resolve("journal"), 1, chance);
    store = MetadataStore.open(directory.resolve("state"), journal, resources, clock);
    chunks = LocalChunkStore.open(io, directory.resolve("chunks"), chunkResources);
    FileSystemConfig config = FileSystemConfig.of(store, chunks, clock, chance, workers);
    FileSystem.format(config);
    fileSystem = FileSystem.open(config);
    Volume volume =
        Volume.open("fs-test", fileSystem, NfsConfig.DEFAULTS, clock, chance, Runnable::run);
    NfsProgram program =
        new NfsProgram(_ -> Optional.of(Export.of(volume)), Throttle.NONE, workers);
    server =
        new RpcServer(
            List.of(program), Limits.DEFAULTS, TlsPolicy.REFUSE, tidefs.base.Clock.system(), 1);
    address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  NfsClient client(int minorVersion, String name) throws IOException {
    return NfsClient.connect(address, minorVersion, Credentials.ROOT, name);
  }

  /** What is wrong with the file system as it is in memory. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    try (MetadataStore.Snapshot snapshot = store.snapshot()) {
      Fsck.check(snapshot, problems::add);
    }
    return problems;
  }

  @Override
  public void close() {
    io.heal();
    server.close();
    workers.close();
    chunks.close();
    store.close();
    chunkResources.close();
    resources.close();
  }
}
