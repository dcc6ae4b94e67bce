package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.fs.throughput.Caps;
import tidefs.fs.throughput.Figures;
import tidefs.fs.throughput.Profile;
import tidefs.metrics.EfsMetrics;
import tidefs.metrics.Metric;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.PrometheusText;
import tidefs.metrics.StatisticSet;
import tidefs.nfs4.Export;
import tidefs.nfs4.NfsProgram;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsPolicy;
import tidefs.store.StoreResources;
import tidefs.testkit.CompoundResult.Written;
import tidefs.testkit.Credentials;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MemoryKeyValueStore;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** A file system behind NFS, metered. */
final class MeteringTest {
  private final ManualClock clock = new ManualClock();
  private final MetricArchive archive = new MetricArchive(new MemoryKeyValueStore());
  private final EfsMetrics metrics = new EfsMetrics(archive, clock);
  private final MemoryKeyValueStore store = new MemoryKeyValueStore();
  private final StoreResources resources = new StoreResources(16 << 20);
  private FileSystemRig rig;
  private Metering metering;
  private RpcServer rpc;
  private NfsClient client;

  @TempDir private Path folder;

  @BeforeEach
  void open() {
    rig = new FileSystemRig(folder, resources, 1);
  }

  private void serve(Profile profile) throws Exception {
    metering = new Metering(profile, store, metrics, clock);
    metering.countConnectionsBy(_ -> 1);
    Volume volume =
        Volume.open(
            "fs-1", rig.fs(), NfsConfig.DEFAULTS, clock, new Random(1)::nextBytes, Runnable::run);
    metering.opened(volume);
    NfsProgram program =
        new NfsProgram(_ -> Optional.of(Export.of(volume)), metering, Runnable::run);
    rpc = new RpcServer(List.of(program), Limits.DEFAULTS, TlsPolicy.REFUSE, clock, 1);
    var address = rpc.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = NfsClient.connect(address, 1, Credentials.ROOT, "test");
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    rpc.close();
    metering.close();
    rig.close();
    resources.close();
  }

  private StatisticSet point(String name) {
    long now = clock.now().getEpochSecond();
    long minute = now - now % 60 - 60;
    Metric metric =
        new Metric(
            EfsMetrics.NAMESPACE, name, List.of(new Metric.Dimension("FileSystemId", "fs-1")));
    return archive.read(metric, "", minute, minute + 60, 60).get(minute);
  }

  /** Lets time pass, so that the next request finds nothing to wait for. */
  private void rest() {
    clock.advance(Duration.ofSeconds(1));
  }

  private OpenFile created() throws Exception {
    rest();
    var root = client.root();
    rest();
    return client.create(root, "f", 0644);
  }

  @Test
  void requestsAreCountedByWhatTheyDo() throws Exception {
    serve(Profile.UNLIMITED);
    OpenFile file = client.create(client.root(), "f", 0644);
    client.write(file, 0, Stability.UNSTABLE, new byte[100_000]);
    client.write(file, 0, Stability.UNSTABLE, new byte[10]);
    client.read(file, 0, 60_000);
    client.stat(file.handle());
    clock.advance(Duration.ofMinutes(1));
    metrics.tick();
    assertThat(point("DataWriteIOBytes")).isEqualTo(new StatisticSet(2, 100_010, 10, 100_000));
    assertThat(point("DataReadIOBytes")).isEqualTo(new StatisticSet(1, 60_000, 60_000, 60_000));
    assertThat(point("MetadataWriteIOBytes").sampleCount()).isEqualTo(1); // The OPEN that creates.
    assertThat(point("MeteredIOBytes").minimum()).isEqualTo(4_096);
    assertThat(point("MeteredIOBytes").maximum()).isEqualTo(100_000);
    assertThat(point("BurstCreditBalance").maximum()).isEqualTo(Figures.CREDIT_BYTES);
    PrometheusText text = new PrometheusText();
    metering.operations().write(text);
    assertThat(text.toString())
        .contains("_count{operation=\"WRITE\"} 2\n")
        .contains("_count{operation=\"READ\"} 1\n")
        .contains("_count{operation=\"OPEN\"} 1\n")
        .contains("_count{operation=\"GETATTR\"} ");
  }

  @Test
  void replyBeyondTheRateWaitsUntilItsTime() throws Exception {
    serve(Profile.custom(new Caps(1 << 20, 1 << 20, 1 << 20, 1_000, 1_000)));
    OpenFile file = created();
    byte[] data = new byte[256 << 10];
    rest();
    client.write(file, 0, Stability.UNSTABLE, data);
    Future<Written> second =
        ForkJoinPool.commonPool().submit(() -> client.write(file, 0, Stability.UNSTABLE, data));
    assertThatThrownBy(() -> second.get(500, TimeUnit.MILLISECONDS)) // The clock stands.
        .isInstanceOf(TimeoutException.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(second.get(10, TimeUnit.SECONDS).count()).isEqualTo(data.length);
  }

  @Test
  void creditsOutliveTheProcess() throws Exception {
    serve(Profile.AWS);
    OpenFile file = created();
    rest();
    client.write(file, 0, Stability.UNSTABLE, new byte[1 << 20]);
    clock.advance(Duration.ofMinutes(1));
    metrics.tick();
    double before = point("BurstCreditBalance").maximum();
    assertThat(before).isEqualTo(Figures.CREDIT_BYTES); // A minute earned what was spent.
    rest();
    client.write(file, 0, Stability.UNSTABLE, new byte[1 << 20]);
    metering.saveCredits();
    Metering next = new Metering(Profile.AWS, store, metrics, clock);
    next.opened(
        Volume.open(
            "fs-1", rig.fs(), NfsConfig.DEFAULTS, clock, new Random(1)::nextBytes, Runnable::run));
    PrometheusText text = new PrometheusText();
    metrics.write(text);
    assertThat(text.toString())
        .contains(
            "credit_balance_bytes{file_system=\"fs-1\"} " + (Figures.CREDIT_BYTES - (1 << 20)));
    next.close();
  }
}
