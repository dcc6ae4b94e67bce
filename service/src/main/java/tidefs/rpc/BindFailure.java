package tidefs.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;

/** An address cannot be listened on: it is taken, not of this machine, or not permitted. */
public final class BindFailure extends IOException {
  private static final long serialVersionUID = 1;

  BindFailure(InetSocketAddress address, Throwable cause) {
    super(
        "cannot listen on "
            + address.getHostString()
            + " port "
            + address.getPort()
            + ": "
            + cause.getMessage(),
        cause);
  }
}
