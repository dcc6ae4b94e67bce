package tidefs.control;

import java.util.List;
import java.util.Optional;

/**
 * What users may set on a file system at any time and that takes effect at once.
 *
 * @param lifecycle in the order in which the caller gave them, at most one for each transition
 * @param policy the file system policy, a JSON document
 * @param backup empty until a backup policy is first put
 */
public record FileSystemSettings(
    Tags tags,
    OverwriteProtection protection,
    List<LifecyclePolicy> lifecycle,
    Optional<String> policy,
    Optional<BackupStatus> backup) {
  /** Copies the list. */
  public FileSystemSettings {
    lifecycle = List.copyOf(lifecycle);
  }

  /** These settings with other tags. */
  FileSystemSettings withTags(Tags newTags) {
    return new FileSystemSettings(newTags, protection, lifecycle, policy, backup);
  }

  /** These settings with another overwrite protection. */
  FileSystemSettings withProtection(OverwriteProtection newProtection) {
    return new FileSystemSettings(tags, newProtection, lifecycle, policy, backup);
  }

  /** These settings with another lifecycle configuration. */
  FileSystemSettings withLifecycle(List<LifecyclePolicy> newLifecycle) {
    return new FileSystemSettings(tags, protection, newLifecycle, policy, backup);
  }

  /** These settings with another file system policy, or none. */
  FileSystemSettings withPolicy(Optional<String> newPolicy) {
    return new FileSystemSettings(tags, protection, lifecycle, newPolicy, backup);
  }

  /** These settings with another backup status. */
  FileSystemSettings withBackup(BackupStatus newBackup) {
    return new FileSystemSettings(tags, protection, lifecycle, policy, Optional.of(newBackup));
  }
}
