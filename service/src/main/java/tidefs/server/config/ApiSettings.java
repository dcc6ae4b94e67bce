package tidefs.server.config;

import java.net.InetSocketAddress;

/**
 * Where the HTTP API listens.
 *
 * @param insecure whether requests are answered without checking who signed them
 */
public record ApiSettings(InetSocketAddress address, boolean insecure) {
  static ApiSettings read(Section in) {
    ApiSettings settings =
        new ApiSettings(
            in.value("address", "127.0.0.1:8049", Values::socketAddress),
            in.flag("insecure", false));
    in.end();
    return settings;
  }
}
