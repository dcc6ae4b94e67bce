package tidefs.server.config;

/** What the defaults of the other keys aim at. */
public enum Profile {
  /** EFS, and what is useful beyond it. */
  STANDARD,
  /** EFS and nothing else. */
  EFS_STRICT
}
