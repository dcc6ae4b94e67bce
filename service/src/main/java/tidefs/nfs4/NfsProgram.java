package tidefs.nfs4;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.nfs4.state.Limits;
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
  private static final Logger log = LoggerFactory.getLogger(NfsProgram.class);
  private static final int NUMBER = 100_003;
  private static final int VERSION = 4;
  private static final int COMPOUND = 1;

  private final Exports exports;
  private final Throttle throttle;
  private final Executor workers;

  private final Semaphore clones = new Semaphore(Limits.CLONES_AT_ONCE);

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
    Export export = peer.export();
    if (export != null) {
      new Compound(this, peer, export, call).start();
    } else {
      call.defer();
      ask(peer, call);
    }
  }

  /** Finds out what the connection sees, which may take its time, and goes on. */
  private void ask(Peer peer, RpcCall call) {
    CompletableFuture<Optional<Export>> answer;
    try {
      answer = peer.asked(exports, workers);
    } catch (RejectedExecutionException full) {
      call.systemError();
      return;
    }
    var _ =
        answer.whenComplete((found, failure) -> {
          if (failure != null) {
            log.atError().setCause(failure).log("What a client may see is not known");
          }
          peer.connection()
              .execute(() -> begin(peer, call, found == null ? Optional.empty() : found));
        });
  }

  private void begin(Peer peer, RpcCall call, Optional<Export> found) {
    if (peer.export() == null) {
      found.ifPresent(peer::see);
    }
    Export export = peer.export();
    if (export == null) {
      call.refuse(AuthStatus.TOO_WEAK);
    } else {
      new Compound(this, peer, export, call).start();
    }
  }

  /** Lets a connection see {@code export} from its next request on. From any thread. */
  public void change(Connection connection, Export export) {
    connection.execute(() -> {
      if (connection.attachment() instanceof Peer peer) {
        peer.see(export);
      }
    });
  }

  Throttle throttle() {
    return throttle;
  }

  /** Permits for clones, each of which takes a worker for some time. */
  Semaphore clones() {
    return clones;
  }

  Executor workers() {
    return workers;
  }
}
