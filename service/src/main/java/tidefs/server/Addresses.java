package tidefs.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Tells in words why an address cannot be listened on, and what to do. */
final class Addresses {
  private static final int FIRST_UNPRIVILEGED = 1024;

  private Addresses() {}

  /**
   * Why listening on {@code address} failed.
   *
   * @param key the configuration's key of that address
   */
  static String explain(InetSocketAddress address, IOException failure, String key) {
    String where = text(address);
    String why = causes(failure);
    if (why.contains("already in use")) {
      return "cannot listen on "
          + where
          + ": another program uses this port. Find it with 'ss -ltnp sport = :"
          + address.getPort()
          + "' and stop it, or choose another port ("
          + key
          + ").";
    }
    if (why.contains("cannot assign requested address")) {
      return "cannot listen on "
          + where
          + ": this host does not have that address. Give it to an interface ('ip addr add'), or"
          + " name one that 'ip addr' shows.";
    }
    if (why.contains("permission denied")) {
      String hint =
          address.getPort() < FIRST_UNPRIVILEGED
              ? " Ports below 1024 need root or the capability CAP_NET_BIND_SERVICE."
              : "";
      return "cannot listen on " + where + ": permission denied." + hint;
    }
    return "cannot listen on " + where + ": " + failure.getMessage();
  }

  /** An address and a port as people write them. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static String causes(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      all.append(at.getMessage()).append('\n');
    }
    return all.toString().toLowerCase(Locale.ROOT);
  }
}
