package tidefs.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.api.Service;
import tidefs.api.backup.BackupService;
import tidefs.api.efs.ReplicationService;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Replication;
import tidefs.fs.FileSystem;
import tidefs.iam.policy.Authorizer;
import tidefs.metrics.EfsMetrics;
import tidefs.metrics.Metric;
import tidefs.metrics.Metric.Dimension;
import tidefs.metrics.Sample;
import tidefs.metrics.Series;
import tidefs.metrics.StatisticSet;
import tidefs.metrics.Units;
import tidefs.server.config.CopySettings;
import tidefs.server.copies.BackupEngine;
import tidefs.server.copies.OpenFileSystems;
import tidefs.server.copies.RemoteRegions;
import tidefs.server.copies.ReplicationEngine;

/** Replication and backups, wired together. */
final class Copies implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Copies.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration BACKUPS = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Setup setup;
  private final ReplicationEngine engine;
  private final BackupEngine backups;

  /** What copies stand on. */
  record Setup(
      CopySettings settings,
      Control control,
      DataDirectory directory,
      Volumes volumes,
      LocalDataPlane dataPlane,
      Monitoring monitoring,
      Runnable readOnlyNow,
      SavedState state,
      Clock clock,
      Chance chance) {}

  Copies(Setup setup) {
    this.setup = setup;
    engine =
        new ReplicationEngine(
            new ReplicationEngine.Setup(
                setup.control,
                fileSystems(),
                new RemoteRegions(setup.settings.endpoints(), setup.clock),
                setup.settings.pause(),
                setup.readOnlyNow,
                setup.clock,
                setup.chance));
    backups =
        new BackupEngine(
            new BackupEngine.Setup(
                setup.control,
                fileSystems(),
                setup.settings.backupFolder(),
                setup.settings.every(),
                setup.settings.keep(),
                setup.state,
                new Sealing(setup.state.seal()),
                setup.clock));
  }

  private OpenFileSystems fileSystems() {
    return new OpenFileSystems() {
      @Override
      public boolean holds(String fileSystemId) {
        return setup.directory.holds(fileSystemId);
      }

      @Override
      public FileSystem open(String fileSystemId) {
        return setup.volumes.open(fileSystemId).fileSystem();
      }

      @Override
      public FileSystem destination(String fileSystemId) {
        return setup.dataPlane.finished(fileSystemId, kmsKey(fileSystemId)).fileSystem();
      }

      @Override
      public void reset(String fileSystemId) {
        setup.dataPlane.reset(fileSystemId, kmsKey(fileSystemId));
      }
    };
  }

  private Optional<String> kmsKey(String destination) {
    try {
      return setup.control.fileSystems().describe(destination).fileSystem().kind().kmsKeyId();
    } catch (ApiRefusal e) {
      throw new IllegalStateException("a destination is there as long as it follows", e);
    }
  }

  /** Begins to do what is due. */
  void start(Background background) {
    background.every(TICK, engine::tick);
    background.every(MINUTE, this::measure);
    backups.start();
    background.every(BACKUPS, backups::tick);
  }

  /** What other servers ask. */
  List<Service> services(Authorizer authorizer) {
    return List.of(
        new ReplicationService(setup.control, authorizer, engine),
        new BackupService(backups, authorizer));
  }

  /** Publishes how far destinations are behind. */
  private void measure() {
    long now = setup.clock.now().getEpochSecond();
    List<Sample> samples = new ArrayList<>();
    for (Map.Entry<Replication, Duration> each : engine.lags().entrySet()) {
      Metric metric =
          new Metric(
              EfsMetrics.NAMESPACE,
              "TimeSinceLastSync",
              List.of(
                  new Dimension(
                      "DestinationFileSystemId", each.getKey().destination().fileSystemId()),
                  new Dimension("FileSystemId", each.getKey().id())));
      double seconds = each.getValue().toMillis() / 1_000.0;
      samples.add(
          new Sample(new Series(metric, Units.SECONDS), now / 60 * 60, StatisticSet.of(seconds)));
    }
    if (!samples.isEmpty() && !setup.monitoring.put(samples)) {
      log.atWarn().log("Metrics of replication lost: archive is full");
    }
  }

  @Override
  public void close() {
    backups.close();
    engine.close();
  }
}
