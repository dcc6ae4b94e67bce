package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.state.Volume;

/**
 * Counts requests, and holds replies back while a file system is over its permitted rate. Requests
 * are never dropped.
 */
@FunctionalInterface
public interface Throttle {
  /** Nobody waits, and nobody counts. */
  Throttle NONE = (_, _) -> null;

  /** The time, as {@link Traffic#startNanos} tells it. */
  default long nanos() {
    return 0;
  }

  /**
   * Accounts for a request that was performed. Called on any thread; must not wait.
   *
   * @param volume the file system it was about
   * @return when the reply may leave; null for at once
   */
  @Nullable CompletableFuture<Void> charge(Volume volume, Traffic traffic);
}
