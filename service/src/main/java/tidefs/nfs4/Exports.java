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
   * first request arrives; on the connection's event loop, so it must not wait. Empty refuses every
   * request.
   */
  Optional<Export> of(Connection connection);
}
