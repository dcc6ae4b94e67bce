package tidefs.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.api.ServiceError;
import tidefs.api.efs.LifecycleService;
import tidefs.fs.Lifecycle;
import tidefs.fs.Usage;
import tidefs.fs.lifecycle.StorageClass;

/** Lifecycle management as the API tells of it. */
final class LifecycleReports implements LifecycleService.Engine {
  private final Volumes volumes;
  private final Lifecycle.Work work;
  private final Background background;
  private final Mirrors mirrors;
  private final Set<String> moving = ConcurrentHashMap.newKeySet();

  LifecycleReports(Volumes volumes, Lifecycle.Work work, Background background, Mirrors mirrors) {
    this.mirrors = mirrors;
    this.volumes = volumes;
    this.work = work;
    this.background = background;
  }

  @Override
  public LifecycleService.Status status(String fileSystem) throws ServiceError {
    Lifecycle.Status status = lifecycle(fileSystem).status();
    Usage usage = volumes.opened(fileSystem).orElseThrow().fileSystem().usage();
    List<LifecycleService.ClassStatus> classes = new ArrayList<>();
    for (StorageClass each : StorageClass.values()) {
      long bytes =
          switch (each) {
            case STANDARD -> usage.standardBytes();
            case INFREQUENT_ACCESS -> usage.infrequentAccess().meteredBytes();
            case ARCHIVE -> usage.archive().meteredBytes();
          };
      Lifecycle.Count moved = Objects.requireNonNull(status.moved().get(each));
      classes.add(
          new LifecycleService.ClassStatus(each.name(), bytes, moved.files(), moved.bytes()));
    }
    return new LifecycleService.Status(
        classes,
        moving.contains(fileSystem),
        status.failures(),
        status.fault(),
        status.accessesKnown() || !status.rules().any(),
        mirrors.status(fileSystem).stream()
            .map(each ->
                new LifecycleService.PlaceStatus(each.place().toString(), each.standing().name()))
            .toList());
  }

  @Override
  public LifecycleService.Plan plan(String fileSystem) throws ServiceError {
    Lifecycle.Plan plan = lifecycle(fileSystem).plan();
    List<LifecycleService.Move> moves = new ArrayList<>();
    plan.moves()
        .forEach((to, count) ->
            moves.add(new LifecycleService.Move(to.name(), count.files(), count.bytes())));
    return new LifecycleService.Plan(moves, plan.freedBytes());
  }

  @Override
  public void move(String fileSystem, String storageClass) throws ServiceError {
    StorageClass target;
    try {
      target = StorageClass.valueOf(storageClass);
    } catch (IllegalArgumentException e) {
      throw new ServiceError(
          400,
          "ValidationException",
          "There are the storage classes STANDARD, INFREQUENT_ACCESS and ARCHIVE.");
    }
    Lifecycle lifecycle = lifecycle(fileSystem);
    if (!moving.add(fileSystem)) {
      throw new ServiceError(409, "ConflictException", "Its files are being moved already.");
    }
    background.run(() -> {
      try {
        lifecycle.moveAll(target, work);
      } finally {
        moving.remove(fileSystem);
      }
    });
  }

  private Lifecycle lifecycle(String fileSystem) throws ServiceError {
    return volumes
        .opened(fileSystem)
        .orElseThrow(() ->
            new ServiceError(
                404,
                "FileSystemNotOpen",
                "File system '" + fileSystem + "' is not open: it has no mount target."))
        .fileSystem()
        .lifecycle();
  }
}
