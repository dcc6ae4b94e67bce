/**
 * ONC RPC version 2 (RFC 5531) over TCP: record marking, calls and replies, AUTH_SYS, listeners
 * that come and go, the back channel. It may use {@code xdr}, {@code base} and Netty, and knows no
 * program's operations.
 *
 * <p><b>The shape.</b> A connection belongs to one event loop. A read of the socket yields many
 * records; each is parsed where it lies and handed to its {@link tidefs.rpc.RpcProgram} on that
 * loop. Replies are encoded one behind the other into a growing buffer of the connection, and leave
 * in one gathered write when the read has been consumed. Nothing is handed to another thread unless
 * the program does so, nothing is flushed per call, and an idle connection holds no buffer.
 *
 * <p><b>The bounds.</b> A connection stops being read, in the middle of a received buffer if need
 * be, while it has too many calls unanswered or too many bytes of replies that the peer does not
 * take. Records, fragments, the time a record may take, and connections are limited by {@link
 * tidefs.rpc.Limits}.
 */
@NullMarked
package tidefs.rpc;

import org.jspecify.annotations.NullMarked;
