package tidefs.server.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The responder for the names of file systems; their suffix is {@code tls.suffix}.
 *
 * @param address where it listens, UDP and TCP; empty if it does not
 * @param ttlSeconds how long an answer may be kept
 */
public record DnsSettings(Optional<InetSocketAddress> address, int ttlSeconds) {
  static final String OFF = "off";

  static DnsSettings read(Section in) {
    DnsSettings settings =
        new DnsSettings(
            in.value(
                "address",
                OFF,
                text ->
                    text.equals(OFF) ? Optional.empty() : Optional.of(Values.socketAddress(text))),
            in.integer("ttl-seconds", 60, 0, 86_400));
    in.end();
    return settings;
  }
}
