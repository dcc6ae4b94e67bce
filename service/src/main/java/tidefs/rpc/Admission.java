package tidefs.rpc;

import java.net.InetSocketAddress;

/** Decides who may connect. Asked on an event loop for every connection; it must not wait. */
@FunctionalInterface
public interface Admission {
  /** Lets everyone in. */
  Admission EVERYONE = (_, _) -> true;

  /** Whether {@code client} may connect to {@code server}, an address that is listened on. */
  boolean admits(InetSocketAddress server, InetSocketAddress client);
}
