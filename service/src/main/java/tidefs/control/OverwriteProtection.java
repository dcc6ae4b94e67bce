package tidefs.control;

/** Whether replication may overwrite a file system (ReplicationOverwriteProtection). */
public enum OverwriteProtection {
  /** It cannot become the destination of a replication. */
  ENABLED,
  /** It can. */
  DISABLED,
  /** It is the destination of one. */
  REPLICATING,
}
