package tidefs.rpc;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a TLS handshake told of the client.
 *
 * @param certificate the one it has shown; it has proved to hold its key, and nothing else of it
 *     has been checked
 * @param serverName the name it wanted to reach (SNI)
 * @param protocol such as {@code TLSv1.3}
 */
public record TlsPeer(
    Optional<X509Certificate> certificate, Optional<String> serverName, String protocol) {}
