package tidefs.server.client;

import java.util.Optional;
import tidefs.control.AccessPoint;
import tidefs.iam.Caller;
import tidefs.nfs4.state.Volume;

/**
 * A client of one file system, as its handshake made it known.
 *
 * @param caller whose signature it has shown; nobody's if none
 * @param encrypted whether it came with TLS
 * @param address it comes from, as a literal
 */
record Client(
    Volume volume,
    Optional<Caller> caller,
    Optional<AccessPoint> accessPoint,
    boolean encrypted,
    String address) {
  /** What clients have in common that may share NFS sessions: the same rights for the same view. */
  String domainName() {
    if (!encrypted) {
      return volume.id();
    }
    return volume.id()
        + "/tls/"
        + accessPoint.map(AccessPoint::id).orElse("")
        + "/"
        + caller.map(Caller::arn).orElse("");
  }
}
