package tidefs.control;

/** Where the automatic backups of a file system stand. */
public enum BackupStatus {
  ENABLED,
  ENABLING,
  DISABLED,
  DISABLING,
}
