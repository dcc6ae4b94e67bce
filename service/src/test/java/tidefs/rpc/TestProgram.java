package tidefs.rpc;

import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrWriter;

/** A program with a procedure for each way to answer. */
final class TestProgram implements RpcProgram {
  /** Answers with its arguments. */
  static final int ECHO = 1;

  /** Is deferred, for the test to answer. */
  static final int DEFER = 2;

  static final int THROW = 3;
  static final int FORGET = 4;

  /** Answers with as many bytes as the argument says, by reference. */
  static final int BLOB = 5;

  static final int GARBAGE = 6;
  static final int TOO_WEAK = 7;
  static final int DROP = 8;

  /** Answers with its arguments, held for the test to send. */
  static final int HOLD = 9;

  /** Begins a reply, then is deferred for the test to send. */
  static final int BEGIN_AND_DEFER = 10;

  /** Begins a reply with a payload by reference, then fails. */
  static final int BEGIN_AND_THROW = 11;

  /** Answers with user, group and groups of the credentials. */
  static final int WHO = 12;

  final List<RpcCall> deferred = new CopyOnWriteArrayList<>();
  final List<Connection> opened = new CopyOnWriteArrayList<>();

  @Override
  public int number() {
    return Messages.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Messages.VERSION;
  }

  @Override
  public int highestVersion() {
    return Messages.VERSION + 1;
  }

  @Override
  public void opened(Connection connection) {
    opened.add(connection);
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case ECHO -> {
        echo(call);
        call.send();
      }
      case DEFER -> {
        call.defer();
        deferred.add(call);
      }
      case THROW -> throw new IllegalStateException("a fault that the test asked for");
      case FORGET -> call.reply().int32(1);
      case BLOB -> blob(call);
      case GARBAGE -> call.garbageArguments();
      case TOO_WEAK -> call.refuse(AuthStatus.TOO_WEAK);
      case DROP -> call.drop();
      case HOLD -> {
        echo(call);
        call.hold();
        deferred.add(call);
      }
      case BEGIN_AND_DEFER -> {
        echo(call);
        call.defer();
        deferred.add(call);
      }
      case BEGIN_AND_THROW -> {
        call.reply().opaqueByReference(call.connection().allocator().buffer(8).writeLong(1));
        throw new IllegalStateException("a fault that the test asked for");
      }
      case WHO -> who(call);
      default -> call.procedureUnavailable();
    }
  }

  /** Writes the arguments as results, byte for byte. */
  static XdrWriter echo(RpcCall call) {
    XdrWriter out = call.reply();
    byte[] rest = ByteBufUtil.getBytes(call.arguments().rest());
    out.fixedOpaque(Opaque.wrap(rest));
    return out;
  }

  private static void blob(RpcCall call) {
    try {
      int bytes = call.arguments().int32();
      XdrWriter out = call.reply();
      out.opaqueByReference(call.connection().allocator().buffer(bytes).writeZero(bytes));
      call.send();
    } catch (XdrException malformed) {
      call.garbageArguments();
    }
  }

  private static void who(RpcCall call) {
    XdrWriter out = call.reply();
    switch (call.credentials()) {
      case AuthNone _ -> out.int32(0);
      case AuthSys sys -> {
        out.int32(1);
        out.int32(sys.uid());
        out.int32(sys.gid());
        for (int gid : sys.gids()) {
          out.int32(gid);
        }
      }
    }
    call.send();
  }
}
