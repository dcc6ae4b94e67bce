package tidefs.server.client;

/**
 * What policies let a client do with a file system.
 *
 * @param mount whether it sees anything
 * @param write whether it may change anything
 * @param root whether user 0 keeps his powers
 */
public record Rights(boolean mount, boolean write, boolean root) {
  /** Without a policy, everybody may do everything. */
  public static final Rights ALL = new Rights(true, true, true);
}
