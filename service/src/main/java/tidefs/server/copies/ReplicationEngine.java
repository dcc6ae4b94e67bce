package tidefs.server.copies;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.api.ServiceError;
import tidefs.api.efs.ReplicationService;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.Account;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.LifeCycleState;
import tidefs.control.Replication;
import tidefs.control.Replication.Progress;
import tidefs.control.Replication.Status;
import tidefs.replica.Diverged;
import tidefs.replica.Link;
import tidefs.replica.Receiver;
import tidefs.replica.Round;
import tidefs.replica.Sender;

/**
 * Carries out the replications of this server: a round for each every few seconds, one at a time.
 * What fails is told in the configuration's status and tried again.
 */
public final class ReplicationEngine implements ReplicationService.Destinations, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicationEngine.class);
  private static final Duration FAILURE_PAUSE = Duration.ofSeconds(5);
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Setup setup;
  private final Account account;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          task -> Thread.ofPlatform().daemon().name("replication").unstarted(task));
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Set<String> sources = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> due = new ConcurrentHashMap<>();
  private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /**
   * What the engine stands on.
   *
   * @param pause between two rounds
   * @param readOnlyNow makes open connections see at once what may be written
   */
  public record Setup(
      Control control,
      OpenFileSystems fileSystems,
      RemoteRegions regions,
      Duration pause,
      Runnable readOnlyNow,
      Clock clock,
      Chance chance) {}

  /** An engine, which does nothing before it is told to {@link #tick}. */
  public ReplicationEngine(Setup setup) {
    this.setup = setup;
    account = setup.control.account();
    setup.control.replications().connect(setup.regions);
  }

  /** Begins what is due. Every second or so; does not wait. */
  public void tick() {
    Instant now = setup.clock.now();
    List<Replication> all = setup.control.replications().all();
    stopEnded(all);
    for (Replication each : all) {
      boolean ours = isHere(each.sourceRegion()) || each.status() == Status.DELETING;
      boolean isDue = !now.isBefore(due.getOrDefault(each.id(), Instant.MIN));
      if (ours && isDue && !stopping && running.add(each.id())) {
        try {
          workers.execute(() -> run(each.id()));
        } catch (RejectedExecutionException e) {
          running.remove(each.id());
        }
      }
    }
  }

  /** Sources whose configuration was deleted here alone need no marks any more. */
  private void stopEnded(List<Replication> all) {
    for (String source : Set.copyOf(sources)) {
      if (all.stream().noneMatch(it -> it.id().equals(source)) && sources.remove(source)) {
        workers.execute(() -> stopSource(source));
      }
    }
  }

  /** How long ago everything had arrived, for each source here whose destination follows. */
  public Map<Replication, Duration> lags() {
    Map<Replication, Duration> lags = new java.util.HashMap<>();
    for (Replication each : setup.control.replications().all()) {
      if (isHere(each.sourceRegion()) && each.progress().lastReplicated().isPresent()) {
        Instant last = each.progress().lastReplicated().get();
        lags.put(each, Duration.between(last, setup.clock.now()));
      }
    }
    return lags;
  }

  private boolean isHere(String region) {
    return region.equals(account.region());
  }

  /** The edge of background work: a failure ends its round alone. */
  private void run(String source) {
    Duration pause = setup.pause;
    Optional<Replication> found = setup.control.replications().ofSource(source);
    try {
      if (found.isPresent()) {
        step(found.get());
      }
    } catch (RemoteRegions.NotYet e) {
      log.atDebug().addKeyValue("source", source).log("The destination is still being made");
    } catch (Exception e) {
      pause = FAILURE_PAUSE;
      if (!stopping && found.isPresent()) {
        fail(found.get(), e);
      }
    } finally {
      due.put(source, setup.clock.now().plus(pause));
      running.remove(source);
    }
  }

  private void fail(Replication replication, Exception e) {
    log.atWarn()
        .addKeyValue("source", replication.id())
        .addKeyValue("destination", replication.destination().fileSystemId())
        .addKeyValue("reason", String.valueOf(e.getMessage()))
        .log("Replication does not get on; will be repeated");
    Progress now = replication.progress();
    String message = String.valueOf(e.getMessage());
    setup
        .control
        .replications()
        .progress(
            replication.id(),
            Status.ERROR,
            new Progress(now.complete(), now.lastReplicated(), shortened(message)));
  }

  private static String shortened(String message) {
    return message.length() <= 500 ? message : message.substring(0, 500);
  }

  private void step(Replication replication) throws IOException, ApiRefusal, Receiver.Refused {
    if (replication.status() == Status.DELETING) {
      end(replication);
      return;
    }
    if (!isReady(replication)) {
      return;
    }
    if (!replication.progress().complete()) {
      setup.readOnlyNow.run();
    }
    sources.add(replication.id());
    Sender sender =
        new Sender(
            setup.fileSystems.open(replication.id()),
            replication.id(),
            link(replication),
            setup.clock,
            setup.chance);
    Round round;
    try {
      round = round(sender, replication);
    } catch (EndedThere e) {
      stopSource(replication.id());
      setup.control.replications().end(replication.id());
      return;
    }
    log.atDebug()
        .addKeyValue("source", replication.id())
        .addKeyValue("round", round)
        .log("Destination is up to date");
    setup
        .control
        .replications()
        .progress(
            replication.id(), Status.ENABLED, new Progress(true, Optional.of(round.instant()), ""));
  }

  private Round round(Sender sender, Replication replication) throws IOException {
    Progress progress = replication.progress();
    try {
      return sender.round(!progress.complete());
    } catch (Diverged e) {
      log.atInfo().addKeyValue("source", replication.id()).log("Everything is compared");
      Progress anew = new Progress(false, progress.lastReplicated(), "");
      setup.control.replications().progress(replication.id(), replication.status(), anew);
      return sender.round(true);
    }
  }

  /** Whether both file systems, as far as they are here, can be used. */
  private boolean isReady(Replication replication) throws ApiRefusal {
    return isSource(replication.id())
        && (!isHere(replication.destination().region())
            || isAvailable(replication.destination().fileSystemId()));
  }

  private boolean isSource(String id) throws ApiRefusal {
    return setup.fileSystems.holds(id) && isAvailable(id);
  }

  private boolean isThere(String id) {
    return !setup.control.fileSystems().existing(List.of(id)).isEmpty();
  }

  private boolean isAvailable(String id) throws ApiRefusal {
    LifeCycleState state = setup.control.fileSystems().describe(id).fileSystem().state();
    return state == LifeCycleState.AVAILABLE || state == LifeCycleState.UPDATING;
  }

  private static final class EndedThere extends IOException {
    private static final long serialVersionUID = 1;
  }

  private Link link(Replication replication) {
    String source = replication.id();
    String region = replication.destination().region();
    if (isHere(region)) {
      return messages -> {
        refuseIfStopping();
        try {
          return receiver(replication).handle(messages);
        } catch (Receiver.Refused e) {
          throw new IOException(e.getMessage(), e);
        }
      };
    }
    return messages -> {
      refuseIfStopping();
      return setup.regions.write(region, source, messages).orElseThrow(EndedThere::new);
    };
  }

  private void refuseIfStopping() throws IOException {
    if (stopping) {
      throw new IOException("the server is stopping");
    }
  }

  private Receiver receiver(Replication replication) {
    String id = replication.destination().fileSystemId();
    return receivers.computeIfAbsent(
        replication.id(),
        _ ->
            new Receiver(
                () -> setup.fileSystems.destination(id), () -> setup.fileSystems.reset(id)));
  }

  @Override
  public byte[] write(String sourceId, byte[] messages) throws ServiceError {
    Replication replication =
        setup
            .control
            .replications()
            .ofSource(sourceId)
            .filter(it -> !isHere(it.sourceRegion()) && it.status() != Status.DELETING)
            .orElseThrow(() ->
                new ServiceError(
                    404, "ReplicationNotFound", "Nothing here follows '" + sourceId + "'."));
    try {
      if (!isAvailable(replication.destination().fileSystemId())) {
        throw new ServiceError(
            409, ReplicationService.NOT_YET, "The destination is not available.");
      }
      if (replication.status() == Status.ENABLING) {
        setup.readOnlyNow.run();
        setup.control.replications().progress(sourceId, Status.ENABLED, Progress.NONE);
      }
      return receiver(replication).handle(messages);
    } catch (ApiRefusal e) {
      throw new ServiceError(404, "ReplicationNotFound", e.message());
    } catch (Receiver.Refused e) {
      throw new ServiceError(409, "ConflictException", String.valueOf(e.getMessage()));
    }
  }

  /** The destination becomes a file system of its own, and the configuration goes. */
  private void end(Replication replication) throws ApiRefusal, Receiver.Refused {
    String id = replication.id();
    if (isHere(replication.destination().region())) {
      if (isThere(replication.destination().fileSystemId())) {
        receiver(replication).release();
      }
      receivers.remove(id);
    } else {
      setup.control.replications().releaseElsewhere(replication);
    }
    if (isHere(replication.sourceRegion())) {
      stopSource(replication.id());
    }
    setup.control.replications().end(id);
    setup.readOnlyNow.run();
    log.atInfo().addKeyValue("source", id).log("Replication has ended");
  }

  private void stopSource(String source) {
    try {
      if (isSource(source)) {
        setup.fileSystems.open(source).keepChanges(false);
      }
    } catch (ApiRefusal e) {
      log.atDebug().addKeyValue("source", source).log("The source of a replication is gone");
    }
  }

  /** Lets what is under way end, soon: another process takes it up. */
  @Override
  public void close() {
    stopping = true;
    setup.regions.close();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
