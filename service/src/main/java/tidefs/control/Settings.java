package tidefs.control;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tidefs.control.LifecyclePolicy.Transition;

/**
 * The calls on what may be set on a file system: lifecycle configuration, policy, backup policy and
 * protection. An id may be given as the ARN too; changes need an available file system.
 */
public final class Settings {
  private final Account account;
  private final Resources resources;
  private final Reconciler reconciler;

  Settings(Account account, Resources resources, Reconciler reconciler) {
    this.account = account;
    this.resources = resources;
    this.reconciler = reconciler;
  }

  @FunctionalInterface
  private interface Change {
    FileSystemSettings of(FileSystem before) throws ApiRefusal;
  }

  private FileSystem change(String idOrArn, Change change) throws ApiRefusal {
    return resources.call((tables, changes) -> {
      FileSystem before = tables.availableFileSystem(account.bareId(idOrArn));
      return changes.put(before.with(change.of(before)));
    });
  }

  /** The settings of a file system. */
  public FileSystemSettings of(String idOrArn) throws ApiRefusal {
    return resources.call((tables, _) -> tables.fileSystem(account.bareId(idOrArn)).settings());
  }

  /** Replaces the lifecycle configuration. */
  public List<LifecyclePolicy> putLifecycle(String idOrArn, List<LifecyclePolicy> policies)
      throws ApiRefusal {
    refuseMalformed(policies);
    return change(
            idOrArn,
            before -> {
              boolean archives = days(policies, Transition.TO_ARCHIVE).isPresent();
              boolean able =
                  before.throughput().mode() == ThroughputMode.ELASTIC
                      && before.kind().zone().isEmpty();
              if (archives && !able) {
                throw ApiRefusal.badRequest(
                    "Transition to the Archive storage class needs a Regional file system with"
                        + " elastic throughput.");
              }
              return before.settings().withLifecycle(policies);
            })
        .settings()
        .lifecycle();
  }

  private static void refuseMalformed(List<LifecyclePolicy> policies) throws ApiRefusal {
    Set<Transition> seen = EnumSet.noneOf(Transition.class);
    boolean wellFormed = policies.stream().allMatch(policy -> seen.add(policy.transition()));
    OptionalInt toIa = days(policies, Transition.TO_IA);
    OptionalInt toArchive = days(policies, Transition.TO_ARCHIVE);
    if (toIa.isPresent() && toArchive.isPresent()) {
      wellFormed &= toIa.getAsInt() < toArchive.getAsInt();
    }
    if (!wellFormed) {
      throw ApiRefusal.badRequest("One or more LifecyclePolicy objects specified are malformed.");
    }
  }

  private static OptionalInt days(List<LifecyclePolicy> policies, Transition transition) {
    return policies.stream()
        .filter(policy -> policy.transition() == transition)
        .mapToInt(policy -> policy.after().days())
        .findFirst();
  }

  /** Turns automatic backups on or off; returns where they stand now. */
  public BackupStatus putBackup(String idOrArn, boolean on) throws ApiRefusal {
    FileSystem after =
        change(
            idOrArn,
            before -> {
              BackupStatus now = before.settings().backup().orElse(BackupStatus.DISABLED);
              boolean same = now == (on ? BackupStatus.ENABLED : BackupStatus.DISABLED);
              BackupStatus next = on ? BackupStatus.ENABLING : BackupStatus.DISABLING;
              return before.settings().withBackup(same ? now : next);
            });
    reconciler.changed(after);
    return after.settings().backup().orElseThrow();
  }

  /** Where automatic backups stand. */
  public BackupStatus backup(String idOrArn) throws ApiRefusal {
    Optional<BackupStatus> status = of(idOrArn).backup();
    if (status.isEmpty()) {
      throw new ApiRefusal(
          ErrorCode.POLICY_NOT_FOUND, "There is no backup policy for '" + idOrArn + "'.");
    }
    return status.get();
  }

  /** Sets the file system policy, a document that has been checked. */
  public String putPolicy(String idOrArn, String document) throws ApiRefusal {
    return change(idOrArn, before -> before.settings().withPolicy(Optional.of(document)))
        .settings()
        .policy()
        .orElseThrow();
  }

  /** The file system policy. */
  public String policy(String idOrArn) throws ApiRefusal {
    Optional<String> policy = of(idOrArn).policy();
    if (policy.isEmpty()) {
      throw new ApiRefusal(
          ErrorCode.POLICY_NOT_FOUND, "There is no file system policy for '" + idOrArn + "'.");
    }
    return policy.get();
  }

  /** Removes the file system policy, if there is one. */
  public void deletePolicy(String idOrArn) throws ApiRefusal {
    change(idOrArn, before -> before.settings().withPolicy(Optional.empty()));
  }

  /** Sets the protection from being overwritten by replication. */
  public OverwriteProtection putProtection(String idOrArn, OverwriteProtection wanted)
      throws ApiRefusal {
    if (wanted == OverwriteProtection.REPLICATING) {
      throw ApiRefusal.badRequest("The protection can be set to ENABLED or DISABLED only.");
    }
    return change(
            idOrArn,
            before -> {
              if (before.settings().protection() == OverwriteProtection.REPLICATING) {
                throw new ApiRefusal(
                    ErrorCode.REPLICATION_ALREADY_EXISTS,
                    "The file system '"
                        + before.id()
                        + "' is the destination of a replication configuration.");
              }
              return before.settings().withProtection(wanted);
            })
        .settings()
        .protection();
  }
}
