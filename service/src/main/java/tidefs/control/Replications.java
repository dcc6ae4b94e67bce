package tidefs.control;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tidefs.base.Clock;
import tidefs.control.Replication.Destination;
import tidefs.control.Replication.Progress;
import tidefs.control.Replication.Status;

/** The calls on replication configurations. An id may be given as the ARN too. */
public final class Replications {
  private final Account account;
  private final Resources resources;
  private final FileSystems fileSystems;
  private final Reconciler reconciler;
  private final Clock clock;
  private volatile ReplicationPeers peers = ReplicationPeers.NONE;

  Replications(
      Account account,
      Resources resources,
      FileSystems fileSystems,
      Reconciler reconciler,
      Clock clock) {
    this.account = account;
    this.resources = resources;
    this.fileSystems = fileSystems;
    this.reconciler = reconciler;
    this.clock = clock;
  }

  /** Where destinations in other Regions are reached. */
  public void connect(ReplicationPeers others) {
    peers = others;
  }

  /** Lets a file system follow another. */
  public Replication create(String sourceIdOrArn, NewDestination wanted) throws ApiRefusal {
    String source = account.bareId(sourceIdOrArn);
    FileSystem from = resources.call((tables, _) -> usableSource(tables, source));
    String region =
        wanted
            .region()
            .or(() -> wanted.fileSystemId().or(wanted::zoneName).map(_ -> account.region()))
            .orElseThrow(() ->
                new ApiRefusal(
                    ErrorCode.VALIDATION,
                    "The destination must have a Region, an Availability Zone or a file system"
                        + " id."));
    ReplicationPeers.Request request =
        new ReplicationPeers.Request(
            source,
            account.region(),
            from.kind().encrypted(),
            from.kind().performanceMode(),
            from.throughput(),
            wanted);
    if (region.equals(account.region())) {
      return accept(request);
    }
    if (!peers.knows(region)) {
      throw new ApiRefusal(
          ErrorCode.VALIDATION, "This server knows no endpoint for the Region '" + region + "'.");
    }
    Destination destination =
        new Destination(peers.accept(region, request), region, account.id(), wanted.roleArn());
    Instant now = clock.now();
    return resources.call((tables, changes) -> {
      usableSource(tables, source);
      return changes.put(
          new Replication(
              source, account.region(), now, destination, Status.ENABLING, Progress.NONE));
    });
  }

  /** Lets a file system here follow one here or elsewhere, as its server asks. */
  public Replication accept(ReplicationPeers.Request request) throws ApiRefusal {
    if (request.fileSystemId().isEmpty()) {
      fileSystems.prepareKey(created(request));
    }
    Instant now = clock.now();
    Replication made =
        resources.call((tables, changes) -> {
          Replication known = tables.replications().get(request.sourceId());
          if (known != null && !known.sourceRegion().equals(account.region())) {
            return known; // The other side asks again: it did not hear the answer.
          }
          if (request.sourceRegion().equals(account.region())) {
            usableSource(tables, request.sourceId());
          }
          FileSystem chosen =
              request.fileSystemId().isPresent()
                  ? existing(tables, request, account.bareId(request.fileSystemId().get()))
                  : fileSystems.made(created(request), now, tables);
          FileSystem destination =
              changes.put(
                  chosen.with(chosen.settings().withProtection(OverwriteProtection.REPLICATING)));
          return changes.put(
              new Replication(
                  request.sourceId(),
                  request.sourceRegion(),
                  now,
                  new Destination(
                      destination.id(), account.region(), account.id(), request.wanted().roleArn()),
                  Status.ENABLING,
                  Progress.NONE));
        });
    resources
        .call((tables, _) -> tables.find(made.destination().fileSystemId()))
        .ifPresent(reconciler::changed);
    return made;
  }

  private static NewFileSystem created(ReplicationPeers.Request request) {
    boolean oneZone = request.wanted().zoneName().isPresent();
    return new NewFileSystem(
        "replication-" + UUID.randomUUID(),
        oneZone ? PerformanceMode.GENERAL_PURPOSE : request.performanceMode(),
        new NewFileSystem.Encryption(true, request.wanted().kmsKey()),
        Optional.of(request.throughput().mode()),
        request.throughput().provisionedMibps(),
        request.wanted().zoneName(),
        Optional.of(false),
        Tags.NONE);
  }

  private static FileSystem existing(
      ResourceTables tables, ReplicationPeers.Request request, String id) throws ApiRefusal {
    FileSystem found = tables.availableFileSystem(id);
    if (id.equals(request.sourceId())) {
      throw ApiRefusal.badRequest("The destination must be another file system than the source.");
    }
    refuseReplicated(tables, id);
    if (found.settings().protection() != OverwriteProtection.DISABLED) {
      throw ApiRefusal.badRequest(
          "The replication overwrite protection of the destination file system '"
              + id
              + "' must be disabled.");
    }
    if (request.sourceEncrypted() && !found.kind().encrypted()) {
      throw new ApiRefusal(
          ErrorCode.CONFLICT,
          "The source file system is encrypted, the destination file system '" + id + "' is not.");
    }
    return found;
  }

  private static FileSystem usableSource(ResourceTables tables, String id) throws ApiRefusal {
    FileSystem found = tables.availableFileSystem(id);
    refuseReplicated(tables, id);
    return found;
  }

  private static void refuseReplicated(ResourceTables tables, String id) throws ApiRefusal {
    if (tables.replicationOf(id).isPresent()) {
      throw new ApiRefusal(
          ErrorCode.CONFLICT,
          "The file system '" + id + "' is in a replication configuration already.");
    }
  }

  /** All replication configurations, or that of a file system, which must have one. */
  public Page<Replication> describe(Optional<String> idOrArn, PageRequest page) throws ApiRefusal {
    return resources.call((tables, _) -> {
      NavigableMap<String, Replication> chosen = tables.replications();
      if (idOrArn.isPresent()) {
        String id = account.bareId(idOrArn.get());
        Optional<Replication> its = tables.replicationOf(id);
        if (its.isEmpty()) {
          tables.fileSystem(id);
          throw notFound(id);
        }
        chosen = new TreeMap<>();
        chosen.put(its.get().id(), its.get());
      }
      return page.of(chosen, Limits.PAGE_ENTRIES);
    });
  }

  private static ApiRefusal notFound(String id) {
    return new ApiRefusal(
        ErrorCode.REPLICATION_NOT_FOUND,
        "There is no replication configuration for the file system '" + id + "'.");
  }

  /**
   * Deletes the configuration of a source.
   *
   * @param localOnly not to tell the other Region
   */
  public void delete(String sourceIdOrArn, boolean localOnly) throws ApiRefusal {
    String source = account.bareId(sourceIdOrArn);
    Replication before =
        resources.call((tables, _) -> {
          Replication found = tables.replications().get(source);
          if (found == null) {
            tables.fileSystem(source);
            throw notFound(source);
          }
          return found;
        });
    boolean bothHere = isHere(before) && before.sourceRegion().equals(account.region());
    if (localOnly && bothHere) {
      throw ApiRefusal.badRequest(
          "LOCAL_CONFIGURATION_ONLY is for a source and a destination of different Regions or"
              + " accounts.");
    }
    if (localOnly && !isHere(before)) {
      end(source);
      return;
    }
    resources.call((tables, changes) ->
        Optional.ofNullable(tables.replications().get(source))
            .map(it -> changes.put(it.with(Status.DELETING))));
  }

  private boolean isHere(Replication replication) {
    return replication.destination().region().equals(account.region());
  }

  /** All there are, for who carries them out. */
  public List<Replication> all() {
    return resources.call((tables, _) -> List.copyOf(tables.replications().values()));
  }

  /** The replication whose source this is. */
  public Optional<Replication> ofSource(String id) {
    return resources.call((tables, _) -> Optional.ofNullable(tables.replications().get(id)));
  }

  /** Notes how far a destination has come, unless the replication is about to end. */
  public void progress(String source, Status status, Progress progress) {
    resources.call((tables, changes) ->
        Optional.ofNullable(tables.replications().get(source))
            .filter(it -> it.status() != Status.DELETING)
            .map(it -> changes.put(it.with(status, progress))));
  }

  /** The destination in another Region of a source here is to be a file system of its own. */
  public void releaseElsewhere(Replication replication) throws ApiRefusal {
    peers.release(replication.destination().region(), replication.id());
  }

  /** A replication has ended: its destination, if it is here, can be written. */
  public void end(String source) {
    resources.call((tables, changes) -> {
      Replication ended = tables.replications().get(source);
      if (ended == null) {
        return source;
      }
      changes.remove(ended);
      Optional<Resource> destination = tables.find(ended.destination().fileSystemId());
      if (isHere(ended) && destination.isPresent() && destination.get() instanceof FileSystem it) {
        changes.put(it.with(it.settings().withProtection(OverwriteProtection.ENABLED)));
      }
      return source;
    });
  }
}
