package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.xdr.XdrWriter;

/**
 * What only some COMPOUNDs need, made when it is first asked for: together these objects would be
 * most of the garbage of a READ.
 */
final class SeldomUsed {
  private @Nullable Place saved;
  private @Nullable NodeAttributes attributes;
  private @Nullable OwnerTurn ownerTurn;
  private @Nullable ChangeGuard guard;

  /** The saved file handle. */
  Place saved() {
    Place its = saved;
    if (its == null) {
      its = new Place();
      saved = its;
    }
    return its;
  }

  /** A source of attributes for a COMPOUND of this minor version. */
  NodeAttributes attributes(NfsConfig config, int minorVersion) {
    NodeAttributes its = attributes;
    if (its == null) {
      its = new NodeAttributes();
      its.begin(config, minorVersion);
      attributes = its;
    }
    return its;
  }

  /** The turn of a 4.0 owner. */
  OwnerTurn ownerTurn() {
    OwnerTurn its = ownerTurn;
    if (its == null) {
      its = new OwnerTurn();
      ownerTurn = its;
    }
    return its;
  }

  /** What the operation under way keeps from being delegated. */
  ChangeGuard guard() {
    ChangeGuard its = guard;
    if (its == null) {
      its = new ChangeGuard();
      guard = its;
    }
    return its;
  }

  /** The operation under way will be repeated from its start. */
  void repeat() {
    if (ownerTurn != null) {
      ownerTurn.pass();
    }
    if (guard != null) {
      guard.end();
    }
  }

  /** The operation has ended with the result that begins at {@code from}. */
  void ended(Status status, XdrWriter out, int from, Place current) {
    if (guard != null) {
      guard.end();
    }
    if (ownerTurn != null) {
      ownerTurn.end(status, out, from, current);
    }
  }
}
