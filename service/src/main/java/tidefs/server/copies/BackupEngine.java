package tidefs.server.copies;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.api.ServiceError;
import tidefs.api.backup.BackupService;
import tidefs.backup.Backup;
import tidefs.backup.BackupException;
import tidefs.backup.BackupFolder;
import tidefs.backup.SealedEntries;
import tidefs.backup.ServerBackup;
import tidefs.backup.ServerBackups;
import tidefs.base.Clock;
import tidefs.control.ApiRefusal;
import tidefs.control.BackupStatus;
import tidefs.control.Control;
import tidefs.control.FileSystem;
import tidefs.control.FileSystemDescription;
import tidefs.control.LifeCycleState;
import tidefs.control.NewFileSystem;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tidefs.control.PerformanceMode;
import tidefs.control.Tags;
import tidefs.control.ThroughputMode;

/** Backups by schedule and by command, one at a time. */
public final class BackupEngine implements BackupService.Backups, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackupEngine.class);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration CLOSING = Duration.ofSeconds(10);
  private static final long POLL_NANOS = 50_000_000;
  private static final int POLLS = 1_200;

  /** Tells where a file system comes from, and whether it has come wholly. */
  private static final String RESTORED_FROM = "tidefs:restored-from";

  private static final String RESTORE = "tidefs:restore";
  private static final String RUNNING = "running";

  /** What marks a backup that was made for one of the server. */
  private static final String PART_OF = "part-of";

  private final Setup setup;
  private final Optional<BackupFolder> folder;
  private final Optional<ServerBackups> servers;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("backup").unstarted(task));

  /**
   * What backups stand on.
   *
   * @param folder where they are; empty if there shall be none
   * @param every how far apart automatic ones are
   * @param keep how long automatic ones are kept
   * @param server what is saved beside the contents of file systems
   * @param sealer what that is sealed with
   */
  public record Setup(
      Control control,
      OpenFileSystems fileSystems,
      Optional<java.nio.file.Path> folder,
      Duration every,
      Duration keep,
      ServerState server,
      SealedEntries.Sealer sealer,
      Clock clock) {}

  /** An engine, which does nothing before it is told to. */
  public BackupEngine(Setup setup) {
    this.setup = setup;
    folder = setup.folder.map(BackupFolder::new);
    servers = setup.folder.map(it -> new ServerBackups(it, setup.sealer));
  }

  /** Takes away what a process that ended had not restored wholly, or not backed up wholly. */
  public void start() {
    worker.execute(() -> {
      try {
        for (FileSystem each : fileSystems()) {
          if (RUNNING.equals(each.settings().tags().values().get(RESTORE))) {
            log.atWarn()
                .addKeyValue("fileSystem", each.id())
                .log("A restore was cut off; the file system is deleted");
            setup.control.fileSystems().delete(each.id());
          }
        }
        if (folder.isPresent()) {
          folder.get().clean();
          servers.orElseThrow().clean();
        }
      } catch (ApiRefusal | BackupException e) {
        log.atWarn().setCause(e).log("What was cut off could not be cleaned up");
      }
    });
  }

  /** Makes the automatic backups that are due, and removes those that were kept long enough. */
  public void tick() {
    if (folder.isEmpty()) {
      return;
    }
    try {
      Instant now = setup.clock.now();
      List<Backup> all = folder.get().list();
      for (FileSystem each : fileSystems()) {
        boolean wanted =
            each.settings().backup().equals(Optional.of(BackupStatus.ENABLED))
                && each.state() == LifeCycleState.AVAILABLE;
        boolean recent =
            all.stream()
                .filter(it -> it.automatic() && it.fileSystemId().equals(each.id()))
                .anyMatch(it -> it.time().plus(setup.every).isAfter(now));
        if (wanted && !recent && pending.add(each.id())) {
          worker.execute(() -> automatic(each));
        }
      }
      for (Backup each : all) {
        boolean old = each.automatic() && !each.time().plus(setup.keep).isAfter(now);
        if (old && pending.add(each.id())) {
          worker.execute(() -> expire(each));
        }
      }
    } catch (ApiRefusal | BackupException e) {
      log.atError().setCause(e).log("Automatic backups do not get on; will be repeated");
    }
  }

  private void automatic(FileSystem fileSystem) {
    try {
      var _ = made(fileSystem, true, Map.of());
    } catch (BackupException | RuntimeException e) {
      log.atError()
          .addKeyValue("fileSystem", fileSystem.id())
          .setCause(e)
          .log("Automatic backup failed; will be repeated");
    } finally {
      pending.remove(fileSystem.id());
    }
  }

  private void expire(Backup backup) {
    try {
      folder().delete(backup.id());
      log.atInfo().addKeyValue("backup", backup.id()).log("Backup removed: kept long enough");
    } catch (BackupException | ServiceError | RuntimeException e) {
      log.atError().addKeyValue("backup", backup.id()).setCause(e).log("Backup not removed");
    } finally {
      pending.remove(backup.id());
    }
  }

  private Backup made(FileSystem of, boolean automatic, Map<String, String> more)
      throws BackupException {
    Map<String, String> about = new TreeMap<>(more);
    about.put("performance-mode", of.kind().performanceMode().name());
    about.put("encrypted", Boolean.toString(of.kind().encrypted()));
    of.settings().tags().name().ifPresent(name -> about.put("name", name.replace('\n', ' ')));
    Backup made =
        folder
            .orElseThrow()
            .create(setup.fileSystems.open(of.id()), of.id(), setup.clock.now(), automatic, about);
    log.atInfo()
        .addKeyValue("backup", made.id())
        .addKeyValue("inodes", made.inodes())
        .addKeyValue("newBytes", made.newBytes())
        .log("Backup made");
    return made;
  }

  private List<FileSystem> fileSystems() throws ApiRefusal {
    List<FileSystem> all = new java.util.ArrayList<>();
    PageRequest request = PageRequest.FIRST;
    while (true) {
      Page<FileSystemDescription> page =
          setup.control.fileSystems().describe(Optional.empty(), Optional.empty(), request);
      page.entries().forEach(it -> all.add(it.fileSystem()));
      if (page.next().isEmpty()) {
        return all;
      }
      request = new PageRequest(page.next(), request.entries());
    }
  }

  private BackupFolder folder() throws ServiceError {
    return folder.orElseThrow(() ->
        new ServiceError(
            400,
            "InvalidRequestException",
            "This server has no folder for backups: set backup.folder in its configuration."));
  }

  /** Work whose answer a caller waits for, but not for long. */
  private interface Work {
    String run() throws BackupException, ApiRefusal, ServiceError;
  }

  private String answer(Work work, String unfinished) throws ServiceError {
    var _ = folder();
    CompletableFuture<String> result = new CompletableFuture<>();
    worker.execute(() -> {
      try {
        result.complete(work.run());
      } catch (BackupException | ApiRefusal | ServiceError | RuntimeException e) {
        log.atWarn().setCause(e).log("A backup command failed");
        result.completeExceptionally(e);
      }
    });
    try {
      return result.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS) + "\n";
    } catch (TimeoutException e) {
      return unfinished + "\n";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceError(503, "ServiceUnavailable", "The server is stopping.");
    } catch (ExecutionException e) {
      String why = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
      throw new ServiceError(400, "InvalidRequestException", why);
    }
  }

  @Override
  public String create(String fileSystemId) throws ServiceError {
    return answer(
        () ->
            line(
                made(
                    setup.control.fileSystems().describe(fileSystemId).fileSystem(),
                    false,
                    Map.of())),
        "It takes its time: 'tidefs backup list' shows the backup when it is complete.");
  }

  @Override
  public String createServer() throws ServiceError {
    return answer(
        () ->
            line(
                new ServerBackupRun(setup.control, setup.server, setup.clock)
                    .make(this::made, servers())),
        "It takes its time: 'tidefs backup list' shows the backup when it is complete.");
  }

  private ServerBackups servers() {
    return servers.orElseThrow();
  }

  private Backup made(FileSystem of) throws BackupException {
    return made(of, false, Map.of(PART_OF, "server"));
  }

  private static String line(ServerBackup it) {
    return it.id()
        + "  the server with "
        + it.backups().size()
        + " file systems"
        + (it.left().isEmpty() ? "" : ", without " + String.join(" ", new TreeSet<>(it.left())));
  }

  private static String line(Backup it) {
    return it.id()
        + "  "
        + it.inodes()
        + " inodes, "
        + it.bytes()
        + " bytes ("
        + it.newBytes()
        + " new)"
        + (it.restless() == 0 ? "" : ", " + it.restless() + " files never at rest")
        + (it.automatic() ? ", automatic" : "");
  }

  @Override
  public String list() throws ServiceError {
    try {
      StringBuilder text = new StringBuilder();
      folder().list().forEach(it -> text.append(line(it)).append('\n'));
      servers().list().forEach(it -> text.append(line(it)).append('\n'));
      return text.toString();
    } catch (BackupException e) {
      throw new ServiceError(500, "InternalServerError", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String verify(String backupId) throws ServiceError {
    return answer(
        () -> backupId + ": sound, " + folder().verify(backupId) + " bytes read",
        "It takes its time: the log tells what is found.");
  }

  @Override
  public String delete(String backupId) throws ServiceError {
    return answer(
        () -> {
          deleteUnneeded(backupId);
          return backupId + ": deleted";
        },
        "It takes its time: 'tidefs backup list' shows the backup no more.");
  }

  private void deleteUnneeded(String backupId) throws BackupException, ServiceError {
    if (backupId.startsWith(ServerBackups.PREFIX)) {
      ServerBackup gone = servers().find(backupId);
      servers().delete(backupId);
      deleteParts(gone);
      return;
    }
    for (ServerBackup each : servers().list()) {
      if (each.backups().containsValue(backupId)) {
        throw new BackupException("The backup " + each.id() + " needs it: delete that one first.");
      }
    }
    folder().delete(backupId);
  }

  /** Removes the backups that were made for one of the server, unless another has them too. */
  private void deleteParts(ServerBackup gone) throws BackupException, ServiceError {
    Set<String> needed = new HashSet<>();
    servers().list().forEach(each -> needed.addAll(each.backups().values()));
    for (Backup each : folder().list()) {
      if (gone.backups().containsValue(each.id())
          && each.about().containsKey(PART_OF)
          && !needed.contains(each.id())) {
        folder().delete(each.id());
      }
    }
  }

  @Override
  public String restore(String backupId) throws ServiceError {
    return answer(
        () -> {
          Backup backup = folder().find(backupId);
          String id = created(backup);
          try {
            awaitAvailable(id);
            folder().restore(backupId, setup.fileSystems.open(id));
          } catch (BackupException | ApiRefusal | RuntimeException e) {
            setup.control.fileSystems().delete(id);
            throw e;
          }
          setup.control.tagging().tag(id, new Tags(Map.of(RESTORE, "complete")));
          return id + "  restored from " + backupId;
        },
        "It takes its time: the new file system has the tag "
            + RESTORE
            + "=complete when it is"
            + " whole. Do not use it before.");
  }

  private String created(Backup backup) throws ApiRefusal {
    Map<String, String> tags = new TreeMap<>();
    tags.put("Name", backup.about().getOrDefault("name", backup.fileSystemId()));
    tags.put(RESTORED_FROM, backup.id());
    tags.put(RESTORE, RUNNING);
    PerformanceMode mode =
        PerformanceMode.valueOf(
            backup
                .about()
                .getOrDefault("performance-mode", PerformanceMode.GENERAL_PURPOSE.name()));
    boolean encrypted = backup.about().getOrDefault("encrypted", "").equals("true");
    NewFileSystem wanted =
        new NewFileSystem(
            "restore-" + UUID.randomUUID(),
            mode,
            new NewFileSystem.Encryption(encrypted, Optional.empty()),
            Optional.of(ThroughputMode.BURSTING),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.of(false),
            new Tags(tags));
    return setup.control.fileSystems().create(wanted).fileSystem().id();
  }

  private void awaitAvailable(String id) throws ApiRefusal, BackupException {
    for (int i = 0; i < POLLS; i++) {
      if (setup.control.fileSystems().describe(id).fileSystem().state()
          == LifeCycleState.AVAILABLE) {
        return;
      }
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    throw new IllegalStateException("the new file system does not become available");
  }

  /** Ends what is under way, soon; what it has done is no backup, and no whole file system. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
