/**
 * Who connects to a file system: the certificate that a client of {@code mount.efs} shows in its
 * TLS handshake, and the signature in it. Uses {@code iam} and {@code base}; no I/O, and no time
 * but its argument.
 */
@NullMarked
package tidefs.iam.connect;

import org.jspecify.annotations.NullMarked;
