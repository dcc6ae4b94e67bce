package tidefs.nfs4;

import java.util.Optional;
import java.util.concurrent.Executor;
import tidefs.rpc.AuthStatus;
import tidefs.rpc.Connection;
import tidefs.rpc.RpcCall;
import tidefs.rpc.RpcProgram;

/**
 * NFS version 4 as a remote program: to be given to an {@link tidefs.rpc.RpcServer}.
 *
 * <p>A server makes one {@link tidefs.nfs4.state.Volume} for each open file system, implements
 * {@link Exports} to say which connection sees which of them, makes one program, and calls {@code
 * sweep} of each volume (and of a shared listener's domain) every few seconds.
 */
public final class NfsProgram implements RpcProgram {
  private static final int NUMBER = 100_003;
  private static final int VERSION = 4;
  private static final int COMPOUND = 1;

  private final Exports exports;
  private final Throttle throttle;
  private final Executor workers;

  /**
   * The program.
   *
   * @param exports what each connection sees
   * @param throttle holds replies back while a file system is over its rate
   * @param workers runs operations that have to wait: a bounded pool of platform threads, which may
   *     reject
   */
  public NfsProgram(Exports exports, Throttle throttle, Executor workers) {
    this.exports = exports;
    this.throttle = throttle;
    this.workers = workers;
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public int lowestVersion() {
    return VERSION;
  }

  @Override
  public int highestVersion() {
    return VERSION;
  }

  @Override
  public void opened(Connection connection) {
    connection.attach(new Peer(connection));
  }

  @Override
  public void call(RpcCall call) {
    if (call.procedure() != COMPOUND) {
      call.procedureUnavailable();
      return;
    }
    if (!(call.connection().attachment() instanceof Peer peer)) {
      call.systemError();
      return;
    }
    Optional<Export> export = peer.export(exports);
    if (export.isEmpty()) {
      call.refuse(AuthStatus.TOO_WEAK);
      return;
    }
    new Compound(this, peer, export.get(), call).start();
  }

  Throttle throttle() {
    return throttle;
  }

  Executor workers() {
    return workers;
  }
}
