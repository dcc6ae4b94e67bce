/**
 * A responder for the DNS names of file systems. It knows these names alone and refuses all others:
 * a resolver forwards the zone to it. Uses {@code control} and Netty's DNS codec.
 */
@NullMarked
package tidefs.server.dns;

import org.jspecify.annotations.NullMarked;
