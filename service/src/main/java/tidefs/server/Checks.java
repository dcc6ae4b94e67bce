package tidefs.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.api.ServiceError;
import tidefs.api.efs.CheckService;
import tidefs.fs.LiveCheck;
import tidefs.store.StoreFault;

/** Checks file systems while they are served, one at a time. */
final class Checks implements CheckService.Engine, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checks.class);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration CLOSING = Duration.ofSeconds(10);
  private static final int TOLD_PROBLEMS = 1_000;

  /** The part of the heap that a check may take. */
  private static final int HEAP_SHARE = 4;

  private final Volumes volumes;
  private final Map<String, Check> checks = new ConcurrentHashMap<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("check").unstarted(task));

  Checks(Volumes volumes) {
    this.volumes = volumes;
  }

  /** A check, from its beginning to its result. */
  private static final class Check {
    private final String id;
    private final LiveCheck check;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> problems = new ArrayList<>();
    private long count;
    private String reason = "";
    private Optional<CheckService.Totals> totals = Optional.empty();

    Check(String id, LiveCheck check) {
      this.id = id;
      this.check = check;
    }

    void run() {
      try {
        LiveCheck.Report report = check.run(this::add);
        done(report);
        log.atInfo()
            .addKeyValue("fileSystem", id)
            .addKeyValue("inodes", report.usage().inodes())
            .addKeyValue("problems", count)
            .log("Checked while it is served");
      } catch (StoreFault e) {
        add(String.valueOf(e.getMessage()));
      } catch (LiveCheck.NoRoom | CancellationException e) {
        fail(String.valueOf(e.getMessage()));
      } finally {
        end.countDown();
      }
    }

    private synchronized void add(String problem) {
      count++;
      if (problems.size() < TOLD_PROBLEMS) {
        problems.add(problem);
        log.atError().addKeyValue("fileSystem", id).addKeyValue("problem", problem).log("Damaged");
      }
    }

    private synchronized void done(LiveCheck.Report report) {
      totals =
          Optional.of(
              new CheckService.Totals(
                  report.usage().inodes(), report.usage().meteredBytes(), report.unjudged()));
    }

    synchronized void fail(String why) {
      reason = why;
    }

    boolean ended() {
      return end.getCount() == 0;
    }

    synchronized CheckService.Standing standing() {
      CheckService.State state =
          !ended()
              ? CheckService.State.RUNNING
              : totals.isEmpty() && count == 0
                  ? CheckService.State.FAILED
                  : CheckService.State.COMPLETE;
      return new CheckService.Standing(state, reason, List.copyOf(problems), count, totals);
    }
  }

  @Override
  public void begin(String fileSystem) throws ServiceError {
    LiveCheck live =
        volumes
            .opened(fileSystem)
            .orElseThrow(() ->
                new ServiceError(
                    404,
                    "FileSystemNotOpen",
                    "File system '" + fileSystem + "' is not open: it has no mount target."))
            .fileSystem()
            .check(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    Check mine = new Check(fileSystem, live);
    Check current =
        checks.compute(fileSystem, (_, last) -> last == null || last.ended() ? mine : last);
    if (current == mine) {
      try {
        worker.execute(mine::run);
      } catch (RejectedExecutionException e) {
        throw new ServiceError(503, "ServiceUnavailable", "The server is stopping.");
      }
    }
  }

  @Override
  public CheckService.Standing await(String fileSystem) throws ServiceError {
    Check check = checks.get(fileSystem);
    if (check == null) {
      throw new ServiceError(
          404, "NoSuchCheck", "File system '" + fileSystem + "' was not checked yet.");
    }
    try {
      boolean _ = check.end.await(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceError(503, "ServiceUnavailable", "The server is stopping.");
    }
    return check.standing();
  }

  /** Ends what is under way, soon. */
  @Override
  public void close() {
    worker.shutdown();
    checks.values().forEach(each -> each.check.stop());
    try {
      if (!worker.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("A check does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
