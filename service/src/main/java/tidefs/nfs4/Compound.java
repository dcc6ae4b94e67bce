package tidefs.nfs4;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.CompoundHeader;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Illegal;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Owner;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Session;
import tidefs.nfs4.state.Slot;
import tidefs.nfs4.state.StateDomain;
import tidefs.nfs4.state.Volume;
import tidefs.rpc.RpcCall;
import tidefs.store.StoreFault;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
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

  /** The RPC header of a reply: what session limits count beside the COMPOUND. */
  private static final int RPC_REPLY_BYTES = 24;

  /** The least that an RPC header of a request takes. */
  private static final int RPC_REQUEST_BYTES = 40;

  private static final int MOST_MINOR_VERSION = 1;

  private final NfsProgram program;
  private final Peer peer;
  private final RpcCall call;
  private final XdrReader in;
  private final int argumentsAt;
  private final int requestBytes;
  private final Export export;
  private final Place current = new Place();
  private final Place saved = new Place();
  private final NodeAttributes attributes = new NodeAttributes();

  private CompoundHeader header = new CompoundHeader(tidefs.xdr.Opaque.EMPTY, 0, 0);
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

  /** Other volumes whose durability the reply awaits, too. */
  private @Nullable List<Dependency> earlier;

  private @Nullable Session session;
  private @Nullable Slot slot;
  private boolean cacheReply;

  /** The request is a retry, and its reply was not kept. */
  private boolean uncached;

  /** The request is a retry, and the whole reply is written. */
  private boolean replayed;

  /** 4.0: the owner whose sequence number the operation under way carries. */
  private @Nullable Owner sequencedOwner;

  private int ownerSeqid;

  private @Nullable CompletableFuture<Void> pending;
  private @Nullable Continuation continuation;

  private record Dependency(Volume volume, long sequence) {}

  /** What an operation does when the future that it waited for has completed. */
  interface Continuation {
    /** The operation's result. */
    Reply resume() throws Refused, FsException;
  }

  Compound(NfsProgram program, Peer peer, Export export, RpcCall call) {
    this.program = program;
    this.peer = peer;
    this.export = export;
    this.call = call;
    in = call.arguments();
    argumentsAt = in.position();
    requestBytes = in.remaining() + RPC_REQUEST_BYTES;
    operation = new Operation(peer.actingFor(call.credentials(), export), Blocking.FORBIDDEN);
    out = call.reply();
  }

  /** Performs the whole, or as much as can be done now. On the event loop. */
  void start() {
    try {
      header = CompoundHeader.decode(in);
    } catch (XdrException garbage) {
      call.garbageArguments();
      return;
    }
    headerAt = header.begin(out);
    if (Integer.compareUnsigned(header.minorVersion(), MOST_MINOR_VERSION) > 0) {
      status = Status.MINOR_VERS_MISMATCH;
    } else if (!tidefs.nfs4.op.ComponentName.isUtf8(header.tag().array())) {
      status = Status.INVAL;
    } else if (Integer.compareUnsigned(header.operations(), config().operations()) > 0
        && header.minorVersion() == 0) {
      status = Status.RESOURCE;
    } else if (header.operations() < 0) {
      status = Status.TOO_MANY_OPS;
    }
    attributes.begin(config(), header.minorVersion());
    run();
  }

  /** Performs operations until the end or until something has to be waited for. */
  private void run() {
    while (status == Status.OK && index < header.operations() && !replayed) {
      if (op == null && !next()) {
        break;
      }
      Op now = Objects.requireNonNull(op);
      Reply reply;
      try {
        reply = uncached ? now.refused(Status.RETRY_UNCACHED_REP) : performed(now);
      } catch (WouldBlock wait) {
        out.truncate(resultAt + Integer.BYTES);
        passOwnerTurn();
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
      code = in.int32();
      Op decoded = Op.decode(code, in, header.minorVersion());
      out.int32(decoded.code());
      op = decoded;
      return true;
    } catch (XdrException malformed) {
      out.int32(code);
      out.int32(Status.BADXDR.code());
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
      return refusal(now, Statuses.of(refused.errno(), header.minorVersion()));
    } catch (StoreFault fault) {
      log.atError().setCause(fault).addKeyValue("operation", name(now)).log("Operation failed");
      return refusal(now, Status.IO);
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
    Slot mine = slot;
    if (mine != null && out.position() + RPC_REPLY_BYTES > replyLimit()) {
      status = tooBig();
      out.truncate(resultAt + Integer.BYTES);
      now.refused(status).encode(out);
    }
    endOwnerTurn();
    op = null;
    index++;
    results++;
  }

  /** Ends an operation that repeats an owner's last result; the owner's turn is not counted. */
  Reply repeat(Owner owner, byte[] result) {
    sequencedOwner = null;
    FileHandle file = owner.replyFile();
    if (file != null) {
      try {
        Namespace.goTo(this, file);
      } catch (Refused | FsException gone) {
        current.clear();
      }
    }
    out.raw(result, result.length);
    status = statusAt(resultAt + Integer.BYTES);
    owner.pass();
    return Signal.WRITTEN;
  }

  /** The operation will be repeated, and take its turn again. */
  private void passOwnerTurn() {
    Owner owner = sequencedOwner;
    if (owner != null) {
      sequencedOwner = null;
      owner.pass();
    }
  }

  private Status statusAt(int position) {
    int code = out.int32At(position);
    for (Status each : Status.values()) {
      if (each.code() == code) {
        return each;
      }
    }
    throw new IllegalStateException("a result begins with a status");
  }

  private void endOwnerTurn() {
    Owner owner = sequencedOwner;
    if (owner == null) {
      return;
    }
    sequencedOwner = null;
    switch (status) {
      case STALE_CLIENTID,
          STALE_STATEID,
          BAD_STATEID,
          BAD_SEQID,
          BADXDR,
          RESOURCE,
          NOFILEHANDLE,
          MOVED ->
          owner.pass();
      default -> {
        byte[] result = new byte[out.position() - resultAt - Integer.BYTES];
        out.copy(resultAt + Integer.BYTES, result, result.length);
        Volume volume = current.volume();
        Inode inode = current.inode();
        owner.end(
            ownerSeqid,
            result,
            volume == null || inode == null ? null : volume.handles().of(inode.ino()));
      }
    }
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

  /** Throws what the future failed with. */
  private void checkPending() throws FsException {
    CompletableFuture<Void> future = pending;
    pending = null;
    if (future == null || !future.isCompletedExceptionally()) {
      return;
    }
    try {
      future.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case FsException refused -> throw refused;
        case StoreFault fault -> throw fault;
        case null, default -> throw failed;
      }
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
    header.finish(out, headerAt, status, results);
    Slot mine = slot;
    if (mine != null) {
      keep(mine);
    }
    Volume volume = operationVolume;
    if (volume != null && operation.dependsOn() > 0) {
      depend(volume, operation.dependsOn());
    }
    CompletableFuture<Void> hold =
        volume == null
            ? null
            : program.throttle().charge(volume, requestBytes, out.position() + RPC_REPLY_BYTES);
    if (hold == null && earlier == null) {
      end();
      call.send();
      return;
    }
    call.hold();
    if (hold == null) {
      awaitDurable(0);
    } else {
      var _ = hold.whenComplete((_, _) -> awaitDurable(0));
    }
  }

  private void keep(Slot mine) {
    if (cacheReply || header.operations() == 1) {
      int bytes = out.position();
      out.copy(0, mine.keep(bytes), bytes);
    } else {
      mine.keepNothing();
    }
  }

  private void depend(Volume volume, long sequence) {
    if (volume.fileSystem().store().durableSequence() >= sequence) {
      return;
    }
    List<Dependency> all = earlier;
    if (all == null) {
      all = new ArrayList<>(1);
      earlier = all;
    }
    all.add(new Dependency(volume, sequence));
  }

  /** Waits for one volume after the other; the last lets the reply go. */
  private void awaitDurable(int from) {
    List<Dependency> all = earlier;
    if (all == null || from == all.size()) {
      end();
      call.send();
      return;
    }
    Dependency each = all.get(from);
    each.volume
        .fileSystem()
        .store()
        .whenDurable(
            each.sequence,
            durable -> {
              if (durable) {
                awaitDurable(from + 1);
              } else {
                end();
                call.drop();
                call.connection().close("its reply could not be made durable");
              }
            });
  }

  /** A retry may be answered from now on. */
  private void end() {
    Slot mine = slot;
    if (mine != null) {
      slot = null;
      mine.end();
    }
  }

  // --- what operations use ---

  /** 4.1: the session, slot and caching that SEQUENCE established. */
  void begin(Session newSession, Slot newSlot, boolean cache) {
    session = newSession;
    slot = newSlot;
    cacheReply = cache;
  }

  /** Ends the COMPOUND with the reply that the slot kept: the request is a retry. */
  void sendReplay(Slot kept) {
    byte[] reply = Objects.requireNonNull(kept.replay());
    out.truncate(0);
    out.raw(reply, kept.replyBytes());
    kept.end();
    replayed = true;
  }

  /** Fails the operation behind a SEQUENCE that is a retry whose reply was not kept. */
  void answerUncached() {
    uncached = true;
  }

  /** The bytes that the reply may still grow by; unlimited without a session. */
  int room() {
    int most = slot == null ? config().messageBytes() : replyLimit();
    return most - RPC_REPLY_BYTES - out.position();
  }

  /** The status of a reply that has no room. */
  Status tooBig() {
    Session its = session;
    boolean forCache =
        its != null && cacheReply && its.limits().cachedBytes() < its.limits().responseBytes();
    return its == null
        ? Status.RESOURCE
        : forCache ? Status.REP_TOO_BIG_TO_CACHE : Status.REP_TOO_BIG;
  }

  private int replyLimit() {
    Session its = Objects.requireNonNull(session);
    int most = its.limits().responseBytes();
    return cacheReply ? Math.min(most, its.limits().cachedBytes()) : most;
  }

  /** The operation under way carries the sequence number of a 4.0 owner, whose turn has begun. */
  void ownerTurn(Owner owner, int seqid) {
    sequencedOwner = owner;
    ownerSeqid = seqid;
  }

  /** The circumstances for operations on {@code volume}'s file system. */
  Operation operation(Volume volume) {
    if (operationVolume != volume) {
      Volume before = operationVolume;
      if (before != null && operation.dependsOn() > 0) {
        depend(before, operation.dependsOn());
        operation = new Operation(operation.credentials(), operation.blocking());
      }
      operationVolume = volume;
    }
    return operation;
  }

  /** The stateid that is meant: the current one if that is asked for (RFC 8881 §16.2.3.1.2). */
  StateId meant(StateId given) throws Refused {
    if (header.minorVersion() == 0 || !given.equals(StateId.CURRENT)) {
      return given;
    }
    StateId left = current.stateId();
    if (left == null) {
      throw new Refused(Status.BAD_STATEID);
    }
    return left;
  }

  Place current() {
    return current;
  }

  Place saved() {
    return saved;
  }

  XdrWriter out() {
    return out;
  }

  Export export() {
    return export;
  }

  StateDomain domain() {
    return export.domain();
  }

  NfsConfig config() {
    return export.domain().config();
  }

  NfsProgram program() {
    return program;
  }

  Peer peer() {
    return peer;
  }

  RpcCall call() {
    return call;
  }

  NodeAttributes attributes() {
    return attributes;
  }

  int minorVersion() {
    return header.minorVersion();
  }

  int operations() {
    return header.operations();
  }

  int index() {
    return index;
  }

  int requestBytes() {
    return requestBytes;
  }

  @Nullable Session session() {
    return session;
  }

  /** The client whose session it is; null in 4.0. */
  @Nullable Client client() {
    Session its = session;
    return its == null ? null : its.client();
  }

  /** A checksum of the request's first words, to tell a retry from another request. */
  int fingerprint() {
    int before = in.position();
    int print = requestBytes;
    try {
      in.position(argumentsAt);
      for (int words = Math.min(in.remaining() / Integer.BYTES, 64); words > 0; words--) {
        print = print * 31 + in.int32();
      }
    } catch (XdrException impossible) {
      throw new IllegalStateException("no more is read than there is", impossible);
    } finally {
      in.position(before);
    }
    return print;
  }

  /** The current file and its volume; NOFILEHANDLE without one, INVAL at the pseudo root. */
  Volume volume() throws Refused {
    Volume volume = current.volume();
    if (volume == null) {
      throw new Refused(current.isSet() ? Status.ROFS : Status.NOFILEHANDLE);
    }
    return volume;
  }

  /** The current inode. */
  Inode inode() throws Refused {
    Inode inode = current.inode();
    if (inode == null) {
      throw new Refused(current.isSet() ? Status.ROFS : Status.NOFILEHANDLE);
    }
    return inode;
  }

  /** The current volume's file system. */
  FileSystem fileSystem() throws Refused {
    return volume().fileSystem();
  }

  /** Refuses changes through a read-only export. */
  void checkWritable() throws Refused {
    if (export.readOnly() || current.isPseudoRoot()) {
      throw new Refused(Status.ROFS);
    }
  }
}
