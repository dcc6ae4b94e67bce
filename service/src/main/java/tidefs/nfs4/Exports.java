package tidefs.nfs4;

import java.util.Optional;
import tidefs.rpc.Connection;

/**
 * Says what a connection may see. The server implements it over what the control plane publishes.
 */
@FunctionalInterface
public interface Exports {
  /**
   * What {@code connection} sees, by the address it came to and who it is. Asked once, when the
   * first request arrives, on a thread that may wait; requests wait for the answer. Empty refuses
   * every request. What is seen may be changed later: {@link NfsProgram#change}.
   */
  Optional<Export> of(Connection connection);
}
