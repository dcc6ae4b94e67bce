package tidefs.nfs4;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Illegal;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.SetAttr;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Session;
import tidefs.nfs4.state.Slot;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.RpcCall;
import tidefs.store.StoreFault;
import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrWriter;

/**
 * One COMPOUND under way: a machine that can stop at any operation and go on, on this thread or
 * another. It belongs to one thread at a time.
 *
 * <pre>
 *   RUNNING --WouldBlock, on the loop--> handed to a worker, which repeats the operation: RUNNING
 *   RUNNING --a future is not complete--> SUSPENDED --it completes--> RUNNING, on the loop
 *   RUNNING --the last operation, or the first that fails--> replying: charged, durable, sent
 * </pre>
 */
final class Compound {
  private static final Logger log = LoggerFactory.getLogger(Compound.class);

  private final NfsProgram program;
  private final RpcCall call;
  private final Request request;
  private final Export export;
  private final Place current = new Place();
  private final SeldomUsed seldom = new SeldomUsed();

  private XdrWriter out;
  private int headerAt;
  private int index;
  private int results;
  private Status status = Status.OK;

  /** The operation under way, and where its result begins in the reply. */
  private @Nullable Op op;

  private int resultAt;

  private Operation operation;
  private @Nullable Volume operationVolume;

  private final SequenceUse sequence = new SequenceUse();

  /** The request is a retry, and its reply was not kept. */
  private boolean uncached;

  /** The request is a retry, and the whole reply is written. */
  private boolean replayed;

  private final Departure departure;
  private final TrafficCount traffic;

  private @Nullable CompletableFuture<Void> pending;
  private @Nullable Continuation continuation;

  /** What an operation does when the future that it waited for has completed. */
  interface Continuation {
    /** The operation's result. */
    Reply resume() throws Refused, FsException;
  }

  Compound(NfsProgram program, Peer peer, Export export, RpcCall call) {
    this.program = program;
    this.export = export;
    this.call = call;
    request = new Request(call);
    operation = new Operation(peer.actingFor(call.credentials(), export), Blocking.FORBIDDEN);
    departure = new Departure(call, export.domain().duplicateRequests());
    traffic = new TrafficCount(program.throttle().nanos());
    out = call.reply();
  }

  /** Performs the whole, or as much as can be done now. On the event loop. */
  void start() {
    try {
      request.decodeHeader();
    } catch (XdrException garbage) {
      call.garbageArguments();
      return;
    }
    headerAt = request.header().begin(out);
    status = request.checkHeader(config());
    run();
  }

  /** Performs operations until the end or until something has to be waited for. */
  private void run() {
    while (status == Status.OK && index < operations() && !replayed) {
      if (op == null && !next()) {
        break;
      }
      Op now = Objects.requireNonNull(op);
      Reply reply;
      try {
        reply = uncached ? now.refused(Status.RETRY_UNCACHED_REP) : performed(now);
      } catch (WouldBlock wait) {
        out.truncate(resultAt + Integer.BYTES);
        seldom.repeat();
        moveToWorker();
        return;
      }
      if (reply == Signal.SUSPENDED) {
        awaitPending();
        return;
      }
      complete(now, reply);
    }
    reply();
  }

  /** Decodes the next operation and writes its number. False if that fails. */
  private boolean next() {
    resultAt = out.position();
    int code = Illegal.CODE;
    try {
      code = request.in().int32();
      Op decoded = Op.decode(code, request.in(), minorVersion());
      out.int32(decoded.code());
      op = decoded;
      return true;
    } catch (XdrException malformed) {
      out.int32(code);
      out.int32(Status.BADXDR.code());
      if (code == SetAttr.CODE) {
        out.bitmap(Bitmap.EMPTY); // The one result that has a body whatever its status.
      }
      results++;
      status = Status.BADXDR;
      return false;
    }
  }

  /** The one place where errors become statuses. */
  private Reply performed(Op now) {
    try {
      Continuation resumed = continuation;
      if (resumed != null) {
        continuation = null;
        checkPending();
        return resumed.resume();
      }
      return Dispatch.perform(this, now);
    } catch (Refused refused) {
      return refusal(now, refused.status());
    } catch (FsException refused) {
      return refusal(now, Statuses.of(refused.errno(), minorVersion()));
    } catch (StoreFault fault) {
      if (Statuses.of(fault) == Status.IO) {
        log.atError().setCause(fault).addKeyValue("operation", name(now)).log("Operation failed");
      }
      return refusal(now, Statuses.of(fault));
    } catch (WouldBlock wait) {
      throw wait;
    } catch (RuntimeException bug) {
      log.atError().setCause(bug).addKeyValue("operation", name(now)).log("Operation broke");
      return refusal(now, Status.SERVERFAULT);
    }
  }

  private Reply refusal(Op now, Status why) {
    out.truncate(resultAt + Integer.BYTES);
    return now.refused(why);
  }

  private static String name(Op now) {
    return now.getClass().getSimpleName();
  }

  /** Ends the operation under way with its result. */
  private void complete(Op now, Reply reply) {
    if (reply != Signal.WRITTEN) {
      out.truncate(resultAt + Integer.BYTES);
      reply.encode(out);
      status = reply.status();
    }
    Slot mine = departure.slot();
    if (mine != null && room() < 0) {
      status = sequence.tooBig();
      out.truncate(resultAt + Integer.BYTES);
      now.refused(status).encode(out);
    }
    traffic.add(now, out.position() - resultAt);
    departure.performed(request.header(), index, now, reply);
    seldom.ended(status, out, resultAt + Integer.BYTES, current);
    op = null;
    index++;
    results++;
  }

  /** The operation's result is written, from its status on. */
  Reply written(byte[] result) {
    out.raw(result, result.length);
    status = Status.of(out.int32At(resultAt + Integer.BYTES));
    return Signal.WRITTEN;
  }

  // --- waiting ---

  /** The operation's result comes when {@code future} completes. */
  Reply suspend(CompletableFuture<Void> future, Continuation then) throws Refused, FsException {
    if (future.isDone()) {
      pending = future;
      checkPending();
      return then.resume();
    }
    pending = future;
    continuation = then;
    return Signal.SUSPENDED;
  }

  private void awaitPending() {
    defer();
    CompletableFuture<Void> future = Objects.requireNonNull(pending);
    var _ = future.whenComplete((_, _) -> call.connection().execute(this::resume));
  }

  private void resume() {
    operation.blocking(Blocking.FORBIDDEN);
    run();
  }

  private void checkPending() throws FsException {
    CompletableFuture<Void> future = pending;
    pending = null;
    if (future != null) {
      Failures.check(future);
    }
  }

  private void moveToWorker() {
    Invariant.check(operation.blocking() == Blocking.FORBIDDEN, "a worker never would block");
    defer();
    try {
      program.workers().execute(this::runOnWorker);
    } catch (RejectedExecutionException full) {
      complete(Objects.requireNonNull(op), Reply.of(Status.DELAY));
      run();
    }
  }

  private void runOnWorker() {
    operation.blocking(Blocking.ALLOWED);
    run();
  }

  private void defer() {
    if (call.connection().inEventLoop()) {
      call.defer();
    }
  }

  // --- replying ---

  private void reply() {
    if (replayed) {
      call.send();
      return;
    }
    request.header().finish(out, headerAt, status, results);
    Slot mine = departure.slot();
    if (mine != null) {
      keep(mine);
    } else if (departure.isNoted()) {
      byte[] whole = new byte[out.position()];
      out.copy(0, whole, whole.length);
      departure.keep(whole);
    }
    Volume volume = operationVolume;
    if (volume != null && operation.dependsOn() > 0) {
      departure.depend(volume, operation.dependsOn());
    }
    int bytes = request.bytes() + out.position();
    departure.leave(traffic.charge(program.throttle(), volume, sequence, call, bytes));
  }

  private void keep(Slot mine) {
    if (sequence.caches() || operations() == 1) {
      int bytes = out.position();
      out.copy(0, mine.keep(bytes), bytes);
    } else {
      mine.keepNothing();
    }
  }

  // --- what operations use ---

  /** 4.1: the session, slot and caching that SEQUENCE established. */
  void begin(Session newSession, Slot newSlot, boolean cache) {
    sequence.begin(newSession, newSlot, cache);
    departure.occupy(newSlot);
  }

  /** Ends the COMPOUND with the first bytes of a reply that was kept: the request is a retry. */
  void sendReplay(byte[] reply, int bytes) {
    out.truncate(0);
    out.raw(reply, bytes);
    replayed = true;
  }

  /** Fails the operation behind a SEQUENCE that is a retry whose reply was not kept. */
  void answerUncached() {
    uncached = true;
  }

  /** The bytes that the reply may still grow by; unlimited without a session. */
  int room() {
    return sequence.replyBytes(config().messageBytes()) - out.position();
  }

  /** The circumstances for operations on {@code volume}'s file system. */
  Operation operation(Volume volume) {
    if (operationVolume != volume) {
      Volume before = operationVolume;
      if (before != null && operation.dependsOn() > 0) {
        departure.depend(before, operation.dependsOn());
        operation = new Operation(operation.credentials(), operation.blocking());
      }
      operationVolume = volume;
    }
    return operation;
  }

  /** The turn of a 4.0 owner. */
  OwnerTurn ownerTurn() {
    return seldom.ownerTurn();
  }

  /** What the operation under way keeps from being delegated. */
  ChangeGuard guard() {
    return seldom.guard();
  }

  Departure departure() {
    return departure;
  }

  Place current() {
    return current;
  }

  Place saved() {
    return seldom.saved();
  }

  XdrWriter out() {
    return out;
  }

  Export export() {
    return export;
  }

  /** The server itself read and wrote so many bytes, which count as if they had been sent. */
  void copied(int code, long bytes) {
    traffic.copied(code, bytes);
  }

  NfsProgram program() {
    return program;
  }

  StateDomain domain() {
    return export.domain();
  }

  NfsConfig config() {
    return export.domain().config();
  }

  RpcCall call() {
    return call;
  }

  NodeAttributes attributes() {
    return seldom.attributes(config(), minorVersion());
  }

  int minorVersion() {
    return request.header().minorVersion();
  }

  int operations() {
    return request.header().operations();
  }

  int index() {
    return index;
  }

  Request request() {
    return request;
  }

  SequenceUse sequence() {
    return sequence;
  }

  @Nullable Session session() {
    return sequence.session();
  }

  /** The client whose session it is; null in 4.0. */
  @Nullable Client client() {
    Session its = session();
    return its == null ? null : its.client();
  }

  /** The current file and its volume; NOFILEHANDLE without one, INVAL at the pseudo root. */
  Volume volume() throws Refused {
    return current.requireVolume();
  }

  /** The current inode. */
  Inode inode() throws Refused {
    return current.requireInode();
  }

  /** Refuses changes through a read-only export. */
  void checkWritable() throws Refused {
    if (export.readOnly() || current.isPseudoRoot()) {
      throw new Refused(Status.ROFS);
    }
  }
}
