/**
 * The server's certificates: a certificate authority of its own, made at the first start, or what
 * the configuration names. Uses {@code server.config}, {@code base} and BouncyCastle.
 */
@NullMarked
package tidefs.server.tls;

import org.jspecify.annotations.NullMarked;
