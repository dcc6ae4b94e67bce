package tidefs.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.metrics.PrometheusSource;
import tidefs.metrics.PrometheusText;
import tidefs.store.StoreFault;
import tidefs.store.local.MirrorStatus;
import tidefs.store.local.MirroredChunkStore;

/**
 * Looks after Standard in several places: places that are back are made whole, and every seven days
 * all copies are compared. A thread of its own, as that may take hours.
 */
final class Mirrors implements PrometheusSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Mirrors.class);
  private static final Duration TEND = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration COMPARE = Duration.ofDays(7);

  private final Volumes volumes;
  private final Clock clock;
  private final Pacer pacer;
  private final Thread thread;
  private volatile boolean stopping;
  private long compared;

  /** Copies no faster than {@code mibPerSecond}. */
  Mirrors(Volumes volumes, Clock clock, int mibPerSecond) {
    this.volumes = volumes;
    this.clock = clock;
    pacer = new Pacer(clock, mibPerSecond, () -> stopping);
    compared = clock.monotonicNanos();
    thread = Thread.ofPlatform().daemon().name("mirror").unstarted(this::work);
  }

  void start(Background background) {
    background.every(TEND, () -> volumes.mirrors().values().forEach(MirroredChunkStore::tend));
    thread.start();
  }

  private void work() {
    while (!stopping) {
      try {
        round();
      } catch (RuntimeException | Error e) { // The edge of a task: the next round may do better.
        log.atError().setCause(e).log("A round over the places of Standard has failed");
      }
      LockSupport.parkNanos(this, PAUSE.toNanos());
    }
  }

  private void round() {
    boolean compares = clock.monotonicNanos() - compared > COMPARE.toNanos();
    volumes
        .mirrors()
        .forEach((id, mirror) -> {
          try {
            mirror.repair(pacer::took, () -> !stopping);
            if (compares) {
              mirror.compare(pacer::took, () -> !stopping, (chunk, _) -> report(id, chunk.ino()));
            }
          } catch (StoreFault e) {
            log.atError()
                .addKeyValue("fileSystem", id)
                .setCause(e)
                .log("Places cannot be looked at");
          }
        });
    if (compares) {
      compared = clock.monotonicNanos();
    }
  }

  private static void report(String fileSystem, long ino) {
    log.atError()
        .addKeyValue("fileSystem", fileSystem)
        .addKeyValue("inode", ino)
        .log("A chunk in Standard is not the same in all places");
  }

  /** Where the places of a file system stand; none if it is in the data directory alone. */
  List<MirrorStatus> status(String fileSystem) {
    MirroredChunkStore mirror = volumes.mirrors().get(fileSystem);
    return mirror == null ? List.of() : mirror.status();
  }

  @Override
  public void write(PrometheusText out) {
    Map<String, MirroredChunkStore> mirrors = volumes.mirrors();
    out.family("tidefs_place_whole", "gauge", "Whether a place has all contents in Standard.");
    mirrors.forEach((id, mirror) -> {
      for (MirrorStatus each : mirror.status()) {
        double whole = each.standing() == MirrorStatus.Standing.WHOLE ? 1 : 0;
        out.sample(
            "tidefs_place_whole", whole, "file_system", id, "place", each.place().toString());
      }
    });
    out.family(
        "tidefs_place_doubtful_parts",
        "gauge",
        "In how many of 65,536 parts places may differ: written lately, or missed.");
    mirrors.forEach((id, mirror) ->
        out.sample("tidefs_place_doubtful_parts", mirror.doubtfulParts(), "file_system", id));
  }

  /** Ends what is under way soon. */
  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
