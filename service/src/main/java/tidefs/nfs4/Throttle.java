package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.state.Volume;

/**
 * Holds replies back while a file system is over its permitted rate. Requests are never dropped.
 */
@FunctionalInterface
public interface Throttle {
  /** Nobody waits. */
  Throttle NONE = (_, _, _) -> null;

  /**
   * Accounts for a request that was performed. Called on any thread; must not wait.
   *
   * @param volume the file system it was about
   * @param requestBytes its size on the wire, less the RPC header
   * @param replyBytes the size of its reply
   * @return when the reply may leave; null for at once
   */
  @Nullable CompletableFuture<Void> charge(Volume volume, int requestBytes, int replyBytes);
}
