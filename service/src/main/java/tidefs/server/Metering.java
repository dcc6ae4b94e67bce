package tidefs.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.control.FileSystem;
import tidefs.control.PerformanceMode;
import tidefs.fs.throughput.Figures;
import tidefs.fs.throughput.Governor;
import tidefs.fs.throughput.Io;
import tidefs.fs.throughput.Mode;
import tidefs.fs.throughput.Profile;
import tidefs.fs.throughput.Settings;
import tidefs.metrics.EfsMetrics;
import tidefs.metrics.IoCounters;
import tidefs.metrics.IoKind;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.KeyValueStore.Change;
import tidefs.metrics.OperationMetrics;
import tidefs.nfs4.Throttle;
import tidefs.nfs4.Traffic;
import tidefs.nfs4.state.Volume;

/**
 * Counts what NFS moves and lets the governor of each file system decide when replies leave.
 * Credits are kept in a store, where keys that begin with c are ours.
 */
final class Metering implements Throttle, Volumes.Watcher, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Metering.class);
  private static final byte CREDITS = 'c';

  /** How many volumes are found without looking for their names: a power of two. */
  private static final int RECENT = 256;

  private final Profile profile;
  private final KeyValueStore store;
  private final EfsMetrics metrics;
  private final Clock clock;
  private final OperationMetrics operations = new OperationMetrics(NfsOperations.NAMES);
  private final ConcurrentMap<String, MeteredVolume> volumes = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<@Nullable MeteredVolume> recent =
      new AtomicReferenceArray<>(RECENT);
  private volatile ToLongFunction<Volume> connections = _ -> 0;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().daemon().name("throttle").unstarted(task));

  Metering(Profile profile, KeyValueStore store, EfsMetrics metrics, Clock clock) {
    this.profile = profile;
    this.store = store;
    this.metrics = metrics;
    this.clock = clock;
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** The counters of NFS operations. */
  OperationMetrics operations() {
    return operations;
  }

  /** How connections to a file system are counted. To be set before any is open. */
  void countConnectionsBy(ToLongFunction<Volume> way) {
    connections = way;
  }

  /** Meters a file system from now on. */
  @Override
  public void opened(Volume volume) {
    Settings settings =
        new Settings(new Mode.Bursting(), volume.fileSystem().usage().standardBytes(), false);
    long credits =
        store
            .get(key(volume.id()))
            .map(value -> ByteBuffer.wrap(value).getLong())
            .orElse(Figures.CREDIT_BYTES);
    Governor governor = new Governor(profile, settings, credits, clock, this::after);
    MeteredVolume metered = new MeteredVolume(volume, governor, new IoCounters(), connections);
    volumes.put(volume.id(), metered);
    metrics.add(metered);
  }

  /** Meters a file system no more. */
  @Override
  public void closed(String id) {
    MeteredVolume gone = volumes.remove(id);
    for (int slot = 0; slot < RECENT; slot++) {
      recent.setRelease(slot, null);
    }
    metrics.remove(id);
    if (gone != null) {
      saveCredits(gone);
    }
  }

  /** The file systems that are metered. */
  Set<String> ids() {
    return Set.copyOf(volumes.keySet());
  }

  /** Lets the settings of a file system hold, if it is open. */
  void settings(FileSystem fileSystem) {
    MeteredVolume metered = volumes.get(fileSystem.id());
    if (metered == null) {
      return;
    }
    Mode mode =
        switch (fileSystem.throughput().mode()) {
          case BURSTING -> new Mode.Bursting();
          case PROVISIONED ->
              Mode.Provisioned.ofMibps(fileSystem.throughput().provisionedMibps().orElse(1));
          case ELASTIC -> new Mode.Elastic();
        };
    boolean maxIo = fileSystem.kind().performanceMode() == PerformanceMode.MAX_IO;
    long bytes = metered.volume().fileSystem().usage().standardBytes();
    Settings settings = new Settings(mode, bytes, maxIo);
    if (!settings.equals(metered.governor().settings())) {
      metered.governor().settings(settings);
    }
  }

  /** Keeps the credits of all file systems. */
  void saveCredits() {
    volumes.values().forEach(this::saveCredits);
  }

  private void saveCredits(MeteredVolume metered) {
    byte[] value = ByteBuffer.allocate(8).putLong(metered.governor().creditBytes()).array();
    store.apply(List.of(new Change(key(metered.id()), value)));
  }

  private static byte[] key(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(CREDITS).put(bytes).array();
  }

  @Override
  public long nanos() {
    return clock.monotonicNanos();
  }

  @Override
  public @Nullable CompletableFuture<Void> charge(Volume volume, Traffic traffic) {
    long now = clock.monotonicNanos();
    operations.count(traffic.operation(), now - traffic.startNanos());
    MeteredVolume metered = metered(volume);
    if (metered == null) {
      return null;
    }
    long bytes = traffic.bytes();
    Io.Kind kind = kind(traffic.kind());
    long total = Io.totalBytes(kind, bytes);
    metered
        .io()
        .count(counted(kind), kind.data() ? bytes : total, total, Io.meteredBytes(kind, bytes));
    Io io = new Io(kind, bytes);
    if (metered.governor().goesAtOnce(traffic.client(), io, now)) {
      return null;
    }
    CompletableFuture<Void> hold = new CompletableFuture<>();
    boolean goes = metered.governor().admit(traffic.client(), io, () -> hold.complete(null));
    return goes ? null : hold;
  }

  /** What meters a volume. Asked for every request, hence the way past the map of names. */
  private @Nullable MeteredVolume metered(Volume volume) {
    int slot = (int) volume.number() & (RECENT - 1);
    MeteredVolume metered = recent.getAcquire(slot);
    if (metered == null || metered.volume() != volume) {
      metered = volumes.get(volume.id());
      recent.setRelease(slot, metered);
    }
    return metered;
  }

  private static Io.Kind kind(Traffic.Kind kind) {
    return switch (kind) {
      case DATA_READ -> Io.Kind.DATA_READ;
      case DATA_WRITE -> Io.Kind.DATA_WRITE;
      case METADATA_READ -> Io.Kind.METADATA_READ;
      case METADATA_WRITE -> Io.Kind.METADATA_WRITE;
    };
  }

  private static IoKind counted(Io.Kind kind) {
    return switch (kind) {
      case DATA_READ -> IoKind.DATA_READ;
      case DATA_WRITE -> IoKind.DATA_WRITE;
      case METADATA_READ -> IoKind.METADATA_READ;
      case METADATA_WRITE -> IoKind.METADATA_WRITE;
    };
  }

  private void after(long nanos, Runnable task) {
    try {
      var _ = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.atDebug().log("Replies are held back no more: the server is stopping");
    }
  }

  /** Keeps the credits; what waits is let go with its connection. */
  @Override
  public void close() {
    saveCredits();
    timer.shutdownNow();
  }
}
