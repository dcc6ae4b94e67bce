package tidefs.server.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import tidefs.rpc.Transport;

/**
 * How NFS is served.
 *
 * @param port the port of every mount target's address
 * @param shared one more address, under which every file system is a directory
 * @param lease how long a client may be silent before others may take its state
 * @param grace how long after a restart clients may reclaim their state
 * @param slots requests of one client session that may be under way
 * @param shareDeny whether share reservations are kept (RFC 8881 §9.7) or refused, as by EFS
 * @param extensions whether what EFS does not have is offered
 * @param connections most connections to one address
 * @param eventLoops threads that serve connections
 * @param transport how the network is used; empty for the best that this machine has
 * @param workers threads for operations that must wait for a disk
 */
public record NfsSettings(
    int port,
    Optional<InetSocketAddress> shared,
    Duration lease,
    Duration grace,
    int slots,
    boolean shareDeny,
    boolean extensions,
    int connections,
    int eventLoops,
    Optional<Transport> transport,
    int workers) {
  static final String OFF = "off";
  static final String AUTO = "auto";

  static NfsSettings read(Section in, Profile profile) {
    NfsSettings settings =
        new NfsSettings(
            in.integer("port", 2049, 1, 65_535),
            in.value("shared", OFF, NfsSettings::shared),
            Duration.ofSeconds(in.integer("lease-seconds", 90, 5, 3600)),
            Duration.ofSeconds(in.integer("grace-seconds", 90, 0, 3600)),
            in.integer("slots", 64, 1, 1024),
            in.flag("share-deny", false),
            in.flag("extensions", profile == Profile.STANDARD),
            in.integer("connections", 25_000, 1, 1_000_000),
            in.value("event-loops", AUTO, NfsSettings::eventLoops),
            in.value("transport", AUTO, NfsSettings::transport),
            in.integer("workers", 64, 1, 4096));
    in.end();
    return settings;
  }

  private static Optional<InetSocketAddress> shared(String text) {
    return text.equals(OFF) ? Optional.empty() : Optional.of(Values.socketAddress(text));
  }

  private static Optional<Transport> transport(String text) {
    if (text.equals(AUTO)) {
      return Optional.empty();
    }
    Transport transport = Values.oneOf(Transport.class, text);
    if (!transport.isAvailable()) {
      throw new IllegalArgumentException(
          "'" + text + "' does not work on this machine, or is forbidden; auto finds what does");
    }
    return Optional.of(transport);
  }

  private static int eventLoops(String text) {
    return text.equals(AUTO)
        ? Runtime.getRuntime().availableProcessors()
        : Values.integer(text, 1, 1024);
  }
}
