/**
 * The NFS server: the COMPOUND executor and its operations, for versions 4.0 (RFC 7530) and 4.1
 * (RFC 8881) as Amazon EFS speaks them.
 *
 * <p>It may use {@code nfs4.state}, {@code nfs4.op}, {@code rpc}, {@code xdr}, {@code fs} and
 * {@code base}. What it needs of the control plane it asks through {@link tidefs.nfs4.Exports} and
 * {@link tidefs.nfs4.Throttle}.
 *
 * <p><b>The way of a request.</b> {@link tidefs.nfs4.Compound} decodes, performs and encodes one
 * operation after the other on the connection's event loop. An operation that would have to wait
 * throws {@link tidefs.base.WouldBlock} before it has changed anything; then it is repeated on a
 * worker, which goes on with the COMPOUND. An operation whose result comes later (a READ that
 * misses, a stable WRITE, a COMMIT) suspends the COMPOUND until its future completes. The reply
 * leaves when everything it depends on is durable.
 */
@NullMarked
package tidefs.nfs4;

import org.jspecify.annotations.NullMarked;
