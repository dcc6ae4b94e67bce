package tidefs.nfs4;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.CallbackSecurity;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.CallbackPath;
import tidefs.nfs4.state.Delegation;
import tidefs.nfs4.state.Limits;
import tidefs.nfs4.state.Offload;
import tidefs.rpc.AuthNone;
import tidefs.rpc.AuthSys;
import tidefs.rpc.CallbackTarget;
import tidefs.rpc.Connection;
import tidefs.rpc.Credentials;
import tidefs.rpc.ReplyHandler;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * The back channel of a session: CB_COMPOUNDs over connections that the client opened, one at a
 * time on slot 0 (RFC 8881 §20). What cannot be delivered fails, and whoever needs it tries again:
 * nothing here waits or repeats by itself, but for a sequence number that the two disagree on.
 */
final class SessionCallbacks implements CallbackPath {
  /** The number in the XDR of RFC 5662, and what clients listen to. */
  private static final int CALLBACK_VERSION = 1;

  private static final int CB_COMPOUND = 1;
  private static final int MOST_WAITING = 1_024;

  private final SessionId session;
  private final int minorVersion;
  private final Duration limit;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private volatile @Nullable CallbackTarget target;
  private volatile int flags;

  // Guarded by this object's monitor.
  private final ArrayDeque<Callback> waiting = new ArrayDeque<>();
  private boolean busy;
  private int sequence = 1;
  private boolean bound;
  private boolean silent;
  private boolean faulty;

  /**
   * A channel without a connection.
   *
   * @param minorVersion of the session, and so of the callbacks
   * @param limit how long an answer may take
   */
  SessionCallbacks(SessionId session, int minorVersion, Duration limit) {
    this.session = session;
    this.minorVersion = minorVersion;
    this.limit = limit;
  }

  /** From now on the client is called in this way, the first of those it allows that we know. */
  void secure(int program, List<CallbackSecurity> allowed) {
    for (CallbackSecurity each : allowed) {
      Credentials credentials =
          switch (each) {
            case CallbackSecurity.None _ -> AuthNone.INSTANCE;
            case CallbackSecurity.Sys sys ->
                new AuthSys(
                    sys.machine().asText(),
                    sys.user(),
                    sys.group(),
                    sys.groups().stream().mapToInt(Integer::intValue).toArray());
            case CallbackSecurity.Gss _ -> null;
          };
      if (credentials != null) {
        target = new CallbackTarget(program, CALLBACK_VERSION, CB_COMPOUND, credentials, limit);
        return;
      }
    }
  }

  /** The client lets itself be called over a connection of its own. */
  void bind(Connection connection) {
    synchronized (this) {
      bound = true;
      silent = false;
      faulty = false;
      if (connections.contains(connection)
          || connections.size() >= Limits.CONNECTIONS_PER_SESSION) {
        updateFlags();
        return;
      }
      connections.add(connection);
      updateFlags();
    }
    connection.onClose(() -> {
      synchronized (this) {
        connections.remove(connection);
        updateFlags();
      }
    });
  }

  private void updateFlags() {
    boolean down = bound && (silent || connections.isEmpty());
    flags =
        (down ? Sequence.Ok.CB_PATH_DOWN_SESSION : 0)
            | (faulty ? Sequence.Ok.BACKCHANNEL_FAULT : 0);
  }

  @Override
  public boolean isUp() {
    return flags == 0 && target != null && !connections.isEmpty();
  }

  @Override
  public int statusFlags() {
    return flags;
  }

  @Override
  public void recall(Delegation delegation) {
    call(new Callback.Recall(delegation));
  }

  @Override
  public void offloaded(Offload offload) {
    call(new Callback.Offloaded(offload));
  }

  @Override
  public CompletableFuture<HeldAttributes> attributes(Delegation delegation) {
    CompletableFuture<HeldAttributes> result = new CompletableFuture<>();
    call(new Callback.GetAttr(delegation, result));
    return result;
  }

  private void call(Callback callback) {
    synchronized (this) {
      if (waiting.size() < MOST_WAITING) {
        waiting.add(callback);
        callback = null;
      }
    }
    if (callback != null) {
      callback.failed();
    }
    next();
  }

  /** Sends the next call, if none is under way. */
  private void next() {
    Callback callback;
    int number;
    synchronized (this) {
      callback = busy ? null : waiting.poll();
      if (callback == null) {
        return;
      }
      busy = true;
      number = sequence;
    }
    send(callback, number, true);
  }

  private void send(Callback callback, int number, boolean first) {
    CallbackTarget to = target;
    for (Connection each : connections) {
      if (to != null && each.isOpen()) {
        each.call(
            to,
            out -> CallbackCompound.encode(out, session, minorVersion, number, callback),
            new Answer(callback, number, first));
        return;
      }
    }
    undelivered(callback, ReplyHandler.Failure.CLOSED);
  }

  private void undelivered(Callback callback, ReplyHandler.Failure why) {
    List<Callback> lost = new ArrayList<>();
    lost.add(callback);
    synchronized (this) {
      switch (why) {
        case CLOSED -> {}
        case TIMED_OUT, BUSY -> silent = true;
        case DENIED, REFUSED, GARBAGE -> faulty = true;
      }
      updateFlags();
      if (flags != 0) {
        lost.addAll(waiting);
        waiting.clear();
      }
      busy = false;
    }
    lost.forEach(Callback::failed);
    next();
  }

  private void delivered(int number) {
    synchronized (this) {
      sequence = number + 1 == 0 ? 1 : number + 1;
      busy = false;
    }
    next();
  }

  /** What the client answers to one call. */
  private final class Answer implements ReplyHandler {
    private final Callback callback;
    private final int number;
    private final boolean first;

    Answer(Callback callback, int number, boolean first) {
      this.callback = callback;
      this.number = number;
      this.first = first;
    }

    @Override
    public void replied(XdrReader in) {
      try {
        int status = CallbackCompound.decodeSequence(in);
        if (status == Status.OK.code()) {
          callback.answered(in);
          delivered(number);
        } else if (first && status == Status.SEQ_MISORDERED.code() && number != 1) {
          send(callback, 1, false);
        } else if (first
            && (status == Status.RETRY_UNCACHED_REP.code()
                || status == Status.SEQ_FALSE_RETRY.code())) {
          send(callback, number + 1, false); // The last one had arrived after all.
        } else if (status == Status.DELAY.code()) {
          callback.failed();
          synchronized (SessionCallbacks.this) {
            busy = false;
          }
          next();
        } else {
          undelivered(callback, Failure.REFUSED);
        }
      } catch (XdrException malformed) {
        undelivered(callback, Failure.GARBAGE);
      }
    }

    @Override
    public void failed(Failure why) {
      undelivered(callback, why);
    }
  }
}
