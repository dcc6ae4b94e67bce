/**
 * What the server remembers between requests: clients, sessions and their slots, opens, byte-range
 * locks, leases and the grace period (RFC 8881 chapters 2.10, 8 and 9, RFC 7530 chapter 9).
 *
 * <p>It may use {@code nfs4.op}, {@code fs}, {@code xdr} and {@code base}; it neither decodes nor
 * performs operations.
 *
 * <p><b>Who owns what.</b> A {@link tidefs.nfs4.state.StateDomain} is one NFS server as clients see
 * it: clients, sessions and stateids belong to it. A {@link tidefs.nfs4.state.Volume} is one file
 * system; its opens and locks exclude each other whichever domain they came through.
 *
 * <p><b>Locks.</b> Establishing and dropping clients takes the lock of {@link
 * tidefs.nfs4.state.Clients}. Opens and locks of one file take the monitor of its {@link
 * tidefs.nfs4.state.FileState}, for the time of a few comparisons, and never the former inside the
 * latter. Finding a session, a slot or a stateid takes no lock.
 */
@NullMarked
package tidefs.nfs4.state;

import org.jspecify.annotations.NullMarked;
