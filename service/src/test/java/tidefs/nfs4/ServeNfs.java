package tidefs.nfs4;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.fs.FileSystem;
import tidefs.fs.FileSystemConfig;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsPolicy;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;

/**
 * Serves one file system over NFS, without a control plane: for conformance suites and load tests.
 *
 * <p>Arguments: address, port, data directory, lease in seconds, whether share reservations count,
 * whether there are extensions.
 */
final class ServeNfs {
  private ServeNfs() {}

  public static void main(String[] arguments) throws Exception {
    Clock clock = Clock.system();
    Chance chance = Chance.system();
    ExecutorService workers = Executors.newFixedThreadPool(16);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    NfsConfig config =
        NfsConfig.DEFAULTS
            .withLease(Duration.ofSeconds(Long.parseLong(arguments[3])))
            .withShareDeny(Boolean.parseBoolean(arguments[4]))
            .withExtensions(Boolean.parseBoolean(arguments[5]));
    StoreResources resources = new StoreResources(256L << 20);
    LocalStorage storage =
        LocalStorage.open(Path.of(arguments[2]), resources, clock, chance, 256L << 20);
    FileSystemConfig fsConfig =
        FileSystemConfig.of(
            storage.metadata("fs-test"), storage.chunks("fs-test"), clock, chance, workers);
    if (!FileSystem.isFormatted(fsConfig.store())) {
      FileSystem.format(fsConfig);
    }
    FileSystem fileSystem = FileSystem.open(fsConfig);
    Volume volume = Volume.open("fs-test", fileSystem, config, clock, chance, workers);
    var _ =
        timer.scheduleAtFixedRate(
            () -> {
              volume.sweep();
              fileSystem.maintain();
            },
            1,
            1,
            TimeUnit.SECONDS);
    NfsProgram program =
        new NfsProgram(_ -> Optional.of(Export.of(volume)), Throttle.NONE, workers);
    RpcServer server = new RpcServer(List.of(program), Limits.DEFAULTS, TlsPolicy.REFUSE, clock, 4);
    InetSocketAddress bound =
        server.bind(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
    System.out.println("serving " + bound);
  }
}
