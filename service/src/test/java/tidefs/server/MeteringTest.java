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
import tidefs.control.MeteredSize;
import tidefs.fs.Inode;
import tidefs.fs.Pace;
import tidefs.fs.lifecycle.Rules;
import tidefs.fs.lifecycle.StorageClass;
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
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.rpc.TlsPolicy;
import tidefs.store.StoreResources;
import tidefs.testkit.CompoundResult.Written;
import tidefs.testkit.Credentials;
import tidefs.testkit.FileAttributes;
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

  private double stored(String storageClass) {
    long now = clock.now().getEpochSecond();
    Metric metric =
        new Metric(
            EfsMetrics.NAMESPACE,
            "StorageBytes",
            List.of(
                new Metric.Dimension("FileSystemId", "fs-1"),
                new Metric.Dimension("StorageClass", storageClass)));
    return archive.read(metric, "Bytes", now - 3_600, now, 3_600).lastEntry().getValue().maximum();
  }

  @Test
  void sizesOfAllClassesAgreeInMetricsCallsAndDf() throws Exception {
    serve(Profile.UNLIMITED);
    long[] sizes = {300_000, 10_000, 200_000, 9_000, 1};
    StorageClass[] classes = {
      StorageClass.STANDARD,
      StorageClass.INFREQUENT_ACCESS,
      StorageClass.INFREQUENT_ACCESS,
      StorageClass.ARCHIVE,
      StorageClass.ARCHIVE
    };
    long[] used = new long[3];
    long[] overhead = new long[3];
    rig.fs().lifecycle().rules(new Rules(30, 90, false));
    for (int i = 0; i < sizes.length; i++) {
      Inode file = rig.file(rig.fs().root(), "f" + i);
      rig.write(file, 0, new byte[(int) sizes[i]], tidefs.fs.Stability.FILE_SYNC);
      if (classes[i] != StorageClass.STANDARD) {
        rig.fs().lifecycle().move(file, classes[i], Pace.UNLIMITED);
      }
      long space =
          client
              .getattr(client.lookup(client.root(), "f" + i), Attribute.SPACE_USED)
              .number(Attribute.SPACE_USED);
      used[classes[i].code()] += space;
      overhead[classes[i].code()] += Math.max(0, (128 << 10) - space);
    }
    clock.advance(Duration.ofMinutes(16));
    metrics.tick();
    clock.advance(Duration.ofMinutes(15));
    metrics.tick();

    double ia = used[1];
    double archived = used[2];
    assertThat(stored("IA")).isEqualTo(ia).isGreaterThan(210_000);
    assertThat(stored("Archive")).isEqualTo(archived).isPositive();
    assertThat(stored("IASizeOverhead")).isEqualTo(overhead[1]).isPositive();
    assertThat(stored("ArchiveSizeOverhead")).isEqualTo(overhead[2]).isPositive();
    assertThat(stored("Standard")).isGreaterThanOrEqualTo(used[0]);
    assertThat(stored("Total"))
        .isEqualTo(stored("Standard") + ia + overhead[1] + archived + overhead[2]);

    MeteredSize told = Volumes.meteredSize(rig.fs().usage(), clock.now());
    assertThat((double) told.totalBytes()).isEqualTo(stored("Total"));
    assertThat((double) told.standardBytes()).isEqualTo(stored("Standard"));
    assertThat((double) told.infrequentAccessBytes()).isEqualTo(ia + overhead[1]);
    assertThat((double) told.archiveBytes()).isEqualTo(archived + overhead[2]);

    FileAttributes df = client.getattr(client.root(), Attribute.SPACE_TOTAL, Attribute.SPACE_FREE);
    assertThat(df.number(Attribute.SPACE_TOTAL) - df.number(Attribute.SPACE_FREE))
        .isEqualTo(told.totalBytes());
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
