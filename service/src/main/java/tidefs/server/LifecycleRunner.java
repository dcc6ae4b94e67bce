package tidefs.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.LifecyclePolicy;
import tidefs.control.LifecyclePolicy.Transition;
import tidefs.fs.Lifecycle;
import tidefs.fs.lifecycle.Rules;
import tidefs.nfs4.state.Volume;

/**
 * Lets lifecycle configurations hold, and moves files, one file system after the other, no faster
 * than it may; and checks what lies in cold places, at the same pace, when there is nothing to
 * move.
 */
final class LifecycleRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LifecycleRunner.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration SCRUB = Duration.ofDays(7);
  private static final int LANES = 4;

  private final Volumes volumes;
  private final Control control;
  private final ColdPlaces places;
  private final Clock clock;
  private final ExecutorService lanes =
      Executors.newFixedThreadPool(LANES, Thread.ofPlatform().daemon().name("move-", 1).factory());
  private final Lifecycle.Work work;
  private volatile boolean stopping;
  private long scrubbed;

  LifecycleRunner(
      Volumes volumes, Control control, ColdPlaces places, Clock clock, int mibPerSecond) {
    this.volumes = volumes;
    this.control = control;
    this.places = places;
    this.clock = clock;
    Pacer pacer = new Pacer(clock, mibPerSecond, () -> stopping);
    work = new Lifecycle.Work(pacer::took, lanes, () -> !stopping);
    scrubbed = clock.monotonicNanos();
  }

  /** Begins with rounds. */
  LifecycleReports start(Background background, Mirrors mirrors) {
    background.every(PAUSE, this::round);
    return new LifecycleReports(volumes, work, background, mirrors);
  }

  private void round() {
    places.repair();
    boolean scrubs = clock.monotonicNanos() - scrubbed > SCRUB.toNanos();
    for (Volume volume : volumes.all()) {
      rules(volume.id())
          .ifPresent(rules -> {
            Lifecycle lifecycle = volume.fileSystem().lifecycle();
            lifecycle.rules(rules);
            lifecycle.run(work);
            if (scrubs) {
              lifecycle.scrub(work, damage -> report(volume.id(), damage));
            }
          });
    }
    if (scrubs) {
      scrubbed = clock.monotonicNanos();
    }
  }

  private static void report(String fileSystem, Lifecycle.Damage damage) {
    log.atError()
        .addKeyValue("fileSystem", fileSystem)
        .addKeyValue("inode", damage.ino())
        .addKeyValue("chunk", damage.chunk())
        .addKeyValue("storageClass", damage.storageClass().text())
        .addKeyValue("reason", damage.reason())
        .log("A chunk in a cold place cannot be read");
  }

  private Optional<Rules> rules(String fileSystem) {
    try {
      return Optional.of(rules(control.settings().of(fileSystem).lifecycle()));
    } catch (ApiRefusal e) {
      return Optional.empty(); // It is being deleted.
    }
  }

  static Rules rules(List<LifecyclePolicy> policies) {
    int infrequentAccess = 0;
    int archive = 0;
    boolean returns = false;
    for (LifecyclePolicy each : policies) {
      switch (each.transition()) {
        case Transition.TO_IA -> infrequentAccess = each.after().days();
        case Transition.TO_ARCHIVE -> archive = each.after().days();
        case Transition.TO_PRIMARY_STORAGE_CLASS -> returns = true;
      }
    }
    return new Rules(infrequentAccess, archive, returns);
  }

  /** Ends what is under way soon. */
  @Override
  public void close() {
    stopping = true;
    lanes.close();
  }
}
