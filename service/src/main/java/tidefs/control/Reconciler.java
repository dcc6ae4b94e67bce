package tidefs.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.control.LifeCycleState.Event;

/**
 * Brings the data plane to where the resources say it should be. For each resource it looks at the
 * state and takes the one step that leads on; a step is repeated until it succeeds, in this process
 * or the next. At most one step of a resource runs at a time.
 */
final class Reconciler {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration BUSY_RETRY = Duration.ofMillis(20);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(16);

  private final Resources resources;
  private final DataPlane dataPlane;
  private final Later later;
  private final Timing timing;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  Reconciler(Resources resources, DataPlane dataPlane, Later later, Timing timing) {
    this.resources = resources;
    this.dataPlane = dataPlane;
    this.later = later;
    this.timing = timing;
  }

  /**
   * Takes up all resources after a start, where the last process left them. Mount targets listen
   * first; then file systems are opened behind them, one after the other, and whoever connects
   * meanwhile does not wait for his turn.
   */
  void start() {
    List<MountTarget> served = new ArrayList<>();
    List<Resource> others = new ArrayList<>();
    resources.call((tables, _) -> {
      others.addAll(tables.fileSystems().values());
      others.addAll(tables.accessPoints().values());
      for (MountTarget each : tables.mountTargets().values()) {
        boolean isServed = each.state() == LifeCycleState.AVAILABLE;
        boolean _ = isServed ? served.add(each) : others.add(each);
      }
      return served;
    });
    later.run(Duration.ZERO, () -> served.forEach(each -> listen(each.id())));
    for (Resource each : others) {
      later.run(Duration.ZERO, () -> step(each.id()));
    }
    takeUp(served.iterator());
  }

  private void listen(String id) {
    if (!busy.add(id)) {
      return; // A step of it runs, and does all of it.
    }
    try {
      Optional<Resource> resource = resources.call((tables, _) -> tables.find(id));
      if (resource.isPresent()
          && resource.get() instanceof MountTarget it
          && it.state() == LifeCycleState.AVAILABLE) {
        dataPlane.listen(it.export());
      }
    } catch (DataPlane.Fault e) {
      log.atDebug().addKeyValue("resource", id).setCause(e).log("Does not listen yet");
    } finally {
      busy.remove(id);
    }
  }

  private void takeUp(Iterator<MountTarget> rest) {
    if (rest.hasNext()) {
      String id = rest.next().id();
      later.run(
          Duration.ZERO,
          () -> {
            step(id);
            takeUp(rest);
          });
    }
  }

  /** Sees to a resource that a call has just changed. */
  void changed(Resource resource) {
    Duration delay =
        switch (resource.state()) {
          case CREATING, ERROR -> timing.creating();
          case AVAILABLE, UPDATING -> timing.updating();
          case DELETING -> timing.deleting();
        };
    later.run(delay, () -> step(resource.id()));
  }

  private void step(String id) {
    step(id, FIRST_RETRY);
  }

  /** Takes a step; if it fails, again after {@code retry}, and then ever more rarely. */
  private void step(String id, Duration retry) {
    if (!busy.add(id)) {
      later.run(BUSY_RETRY, () -> step(id, retry));
      return;
    }
    try {
      Optional<Resource> resource = resources.call((tables, _) -> tables.find(id));
      resource.ifPresent(this::step);
    } catch (DataPlane.Fault e) {
      log.atWarn()
          .addKeyValue("resource", id)
          .addKeyValue("reason", e.getMessage())
          .setCause(e.getCause())
          .log("The data plane could not follow; will be repeated");
      repeat(id, retry);
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("resource", id).setCause(e).log("Step failed; will be repeated");
      repeat(id, retry);
    } finally {
      busy.remove(id);
    }
  }

  private void repeat(String id, Duration pause) {
    Duration next = pause.compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
    later.run(pause, () -> step(id, next));
  }

  private void step(Resource resource) {
    try {
      switch (resource.state()) {
        case CREATING, AVAILABLE, ERROR -> make(resource);
        case UPDATING -> advance(resource.id(), Event.SETTLED);
        case DELETING -> delete(resource);
      }
    } catch (DataPlane.Fault e) {
      if (resource.state() != LifeCycleState.DELETING) {
        advance(resource.id(), Event.FAILED);
      }
      throw e;
    }
  }

  /** Makes what the resource stands for, or makes sure of it. */
  private void make(Resource resource) {
    switch (resource) {
      case FileSystem it -> {
        if (it.state() != LifeCycleState.AVAILABLE) {
          dataPlane.createFileSystem(it.id(), it.kind().kmsKeyId());
        }
      }
      case MountTarget it -> dataPlane.publish(it.export());
      case AccessPoint _, Standing _ -> {} // A record is all there is to it.
    }
    advance(resource.id(), Event.MADE);
  }

  private void delete(Resource resource) {
    switch (resource) {
      case FileSystem it -> dataPlane.deleteFileSystem(it.id());
      case MountTarget it -> dataPlane.withdraw(it.export());
      case AccessPoint _, Standing _ -> {}
    }
    resources.call((tables, changes) -> {
      changes.remove(resource);
      tables.accessPointsOf(resource.id()).values().forEach(changes::remove);
      return resource;
    });
    log.atInfo().addKeyValue("resource", resource.id()).log("Deleted");
  }

  /** Moves a resource on, unless a user has meanwhile asked for its end. */
  private void advance(String id, Event event) {
    resources.call((tables, changes) -> {
      Optional<Resource> before = tables.find(id);
      if (before.isPresent() && before.get().state() != LifeCycleState.DELETING) {
        Resource after = settled(before.get().after(event));
        if (!after.equals(before.get())) {
          changes.put(after);
        }
      }
      return before;
    });
  }

  /** A backup policy that was put has taken effect by the time its file system is looked at. */
  private static Resource settled(Resource resource) {
    if (!(resource instanceof FileSystem it) || it.state() != LifeCycleState.AVAILABLE) {
      return resource;
    }
    BackupStatus status = it.settings().backup().orElse(BackupStatus.DISABLED);
    return switch (status) {
      case ENABLED, DISABLED -> it;
      case ENABLING -> it.with(it.settings().withBackup(BackupStatus.ENABLED));
      case DISABLING -> it.with(it.settings().withBackup(BackupStatus.DISABLED));
    };
  }
}
