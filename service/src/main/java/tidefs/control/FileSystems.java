package tidefs.control;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import tidefs.base.Clock;
import tidefs.control.LifeCycleState.Event;

/** The calls on file systems. An id may be given as the ARN too. */
public final class FileSystems {
  private final Account account;
  private final Resources resources;
  private final Reconciler reconciler;
  private final DataPlane dataPlane;
  private final Clock clock;
  private final Ids ids;
  private final KmsKeys kmsKeys;
  private final Quotas quotas;

  FileSystems(
      Account account,
      Resources resources,
      Reconciler reconciler,
      DataPlane dataPlane,
      Clock clock,
      Ids ids,
      KmsKeys kmsKeys,
      Quotas quotas) {
    this.account = account;
    this.resources = resources;
    this.reconciler = reconciler;
    this.dataPlane = dataPlane;
    this.clock = clock;
    this.ids = ids;
    this.kmsKeys = kmsKeys;
    this.quotas = quotas;
  }

  /** Sees to it that there is a default key, if that is what is wanted. Not under the lock. */
  void prepareKey(NewFileSystem wanted) {
    if (wanted.usesDefaultKey()) {
      kmsKeys.makeDefault();
    }
  }

  /** Creates a file system, once for each creation token; its state is creating. */
  public FileSystemDescription create(NewFileSystem wanted) throws ApiRefusal {
    prepareKey(wanted);
    Instant now = clock.now();
    FileSystem made =
        resources.call((tables, changes) -> {
          Optional<String> existing = tables.fileSystemWithToken(wanted.creationToken());
          if (existing.isPresent()) {
            throw ApiRefusal.alreadyExists(
                ErrorCode.FILE_SYSTEM_ALREADY_EXISTS,
                "File system '"
                    + existing.get()
                    + "' already exists with creation token '"
                    + wanted.creationToken()
                    + "'",
                existing.get());
          }
          return changes.put(made(wanted, now, tables));
        });
    reconciler.changed(made);
    return description(made, 0);
  }

  /** A new file system, which is kept by the caller. */
  FileSystem made(NewFileSystem wanted, Instant now, ResourceTables tables) throws ApiRefusal {
    FileSystemKind kind = wanted.kind(account, tables, kmsKeys.elsewhere());
    if (tables.fileSystems().size() >= quotas.fileSystems()) {
      throw new ApiRefusal(
          ErrorCode.FILE_SYSTEM_LIMIT_EXCEEDED,
          "You have reached the maximum number of file systems ("
              + quotas.fileSystems()
              + ") for your account.");
    }
    ThroughputMode mode = wanted.throughputMode().orElse(ThroughputMode.BURSTING);
    Throughput throughput = Throughput.initial(mode, wanted.provisionedMibps());
    boolean backup = wanted.backup().orElse(kind.zone().isPresent());
    return new FileSystem(
        ids.next("fs-"),
        wanted.creationToken(),
        now,
        LifeCycleState.CREATING,
        kind,
        throughput,
        new FileSystemSettings(
            wanted.tags().checked(),
            OverwriteProtection.ENABLED,
            List.of(),
            Optional.empty(),
            backup ? Optional.of(BackupStatus.ENABLING) : Optional.empty()));
  }

  /** The file system of an id. */
  public FileSystemDescription describe(String idOrArn) throws ApiRefusal {
    return describe(Optional.empty(), Optional.of(idOrArn), PageRequest.FIRST).entries().getFirst();
  }

  /** All file systems, or the one of a creation token or id; the latter must exist. */
  public Page<FileSystemDescription> describe(
      Optional<String> creationToken, Optional<String> idOrArn, PageRequest page)
      throws ApiRefusal {
    if (creationToken.isPresent() && idOrArn.isPresent()) {
      throw ApiRefusal.badRequest("CreationToken and FileSystemId cannot be specified together.");
    }
    Page<Counted> found =
        resources.call((tables, _) -> {
          NavigableMap<String, FileSystem> chosen = tables.fileSystems();
          if (idOrArn.isPresent()) {
            FileSystem one = tables.fileSystem(account.bareId(idOrArn.get()));
            chosen = new TreeMap<>();
            chosen.put(one.id(), one);
          } else if (creationToken.isPresent()) {
            chosen = new TreeMap<>();
            Optional<String> id = tables.fileSystemWithToken(creationToken.get());
            if (id.isPresent()) {
              chosen.put(id.get(), tables.fileSystem(id.get()));
            }
          }
          Page<FileSystem> part = page.of(chosen, Limits.PAGE_ENTRIES);
          List<Counted> counted =
              part.entries().stream()
                  .map(it -> new Counted(it, tables.mountTargetsOf(it.id()).size()))
                  .toList();
          return new Page<>(counted, part.next());
        });
    List<FileSystemDescription> described =
        found.entries().stream().map(it -> description(it.fileSystem, it.mountTargets)).toList();
    return new Page<>(described, found.next());
  }

  /** Those file systems of the ids that exist. */
  public List<FileSystem> existing(Collection<String> ids) {
    return resources.call((tables, _) ->
        ids.stream().map(tables.fileSystems()::get).filter(Objects::nonNull).toList());
  }

  private record Counted(FileSystem fileSystem, int mountTargets) {}

  /** Changes the throughput mode, the provisioned amount, or both. */
  public FileSystemDescription update(
      String idOrArn, Optional<ThroughputMode> mode, OptionalDouble provisionedMibps)
      throws ApiRefusal {
    if (mode.isEmpty() && provisionedMibps.isEmpty()) {
      throw ApiRefusal.badRequest(
          "At least one of ThroughputMode and ProvisionedThroughputInMibps must be specified.");
    }
    Instant now = clock.now();
    FileSystemDescription updated =
        resources.call((tables, changes) -> {
          FileSystem before = tables.availableFileSystem(account.bareId(idOrArn));
          Throughput after = before.throughput().changed(mode, provisionedMibps, now);
          checkFits(before, after.mode());
          FileSystem result = before;
          if (!after.equals(before.throughput())) {
            result = changes.put(before.with(after).after(Event.CHANGE));
          }
          int mountTargets = tables.mountTargetsOf(before.id()).size();
          return new FileSystemDescription(result, mountTargets, new MeteredSize(0, 0, 0, now));
        });
    reconciler.changed(updated.fileSystem());
    return description(updated.fileSystem(), updated.mountTargets());
  }

  private static void checkFits(FileSystem fileSystem, ThroughputMode mode) throws ApiRefusal {
    if (mode == ThroughputMode.ELASTIC
        && fileSystem.kind().performanceMode() == PerformanceMode.MAX_IO) {
      throw ApiRefusal.badRequest(
          "The elastic throughput mode is not supported with the maxIO performance mode.");
    }
    boolean archives =
        fileSystem.settings().lifecycle().stream()
            .anyMatch(it -> it.transition() == LifecyclePolicy.Transition.TO_ARCHIVE);
    if (archives && mode != ThroughputMode.ELASTIC) {
      throw ApiRefusal.badRequest(
          "The throughput mode must be elastic while a lifecycle policy transitions files to the"
              + " Archive storage class.");
    }
  }

  /** Deletes a file system that has no mount targets; its state is deleting until it is gone. */
  public void delete(String idOrArn) throws ApiRefusal {
    FileSystem deleted =
        resources.call((tables, changes) -> {
          FileSystem before = tables.fileSystem(account.bareId(idOrArn));
          if (!tables.mountTargetsOf(before.id()).isEmpty()) {
            throw new ApiRefusal(
                ErrorCode.FILE_SYSTEM_IN_USE,
                "The file system '"
                    + before.id()
                    + "' cannot be deleted because it has mount targets. You must delete the"
                    + " mount targets, and then try again.");
          }
          if (tables.replicationOf(before.id()).isPresent()) {
            throw new ApiRefusal(
                ErrorCode.FILE_SYSTEM_IN_USE,
                "The file system '"
                    + before.id()
                    + "' cannot be deleted because it is in a replication configuration. You must"
                    + " delete the replication configuration, and then try again.");
          }
          return before.state() == LifeCycleState.DELETING
              ? before
              : changes.put(before.after(Event.DELETE));
        });
    reconciler.changed(deleted);
  }

  private FileSystemDescription description(FileSystem fileSystem, int mountTargets) {
    MeteredSize size =
        switch (fileSystem.state()) {
          case CREATING, ERROR, DELETING -> new MeteredSize(0, 0, 0, clock.now());
          case AVAILABLE, UPDATING -> dataPlane.meteredSize(fileSystem.id());
        };
    return new FileSystemDescription(fileSystem, mountTargets, size);
  }
}
