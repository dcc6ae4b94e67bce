package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** Brings each record of a connection to the program it calls, or to the back channel. */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final Programs programs;
  private final ServerCounters counters;
  private final Connection connection;
  private final CallDecoder decoder = new CallDecoder();
  private long calls;

  Dispatcher(Programs programs, ServerCounters counters, Connection connection) {
    this.programs = programs;
    this.counters = counters;
    this.connection = connection;
  }

  /** Calls received so far. */
  long calls() {
    return calls;
  }

  /**
   * Handles the record that lies in {@code buffer} from {@code start} to {@code end}. The buffer's
   * indices are as before when this returns.
   */
  void record(ByteBuf buffer, int start, int end) throws RecordException {
    int readerIndex = buffer.readerIndex();
    int writerIndex = buffer.writerIndex();
    buffer.setIndex(start, end);
    XdrReader in = new XdrReader(buffer);
    // The reader may be asked to go back after records behind this one were consumed.
    buffer.setIndex(Math.min(start, readerIndex), writerIndex);
    try {
      message(buffer, in);
    } finally {
      buffer.setIndex(readerIndex, writerIndex);
    }
  }

  private void message(ByteBuf record, XdrReader in) throws RecordException {
    int xid;
    int type;
    try {
      xid = in.int32();
      type = in.int32();
    } catch (XdrException tooShort) {
      throw new RecordException("a record is too short for a message");
    }
    switch (type) {
      case Wire.CALL -> {
        calls++;
        call(xid, record, in);
      }
      case Wire.REPLY -> connection.backChannel().reply(xid, in);
      default -> throw new RecordException("a message is neither call nor reply");
    }
  }

  private void call(int xid, ByteBuf record, XdrReader in) {
    @Nullable AuthStatus refusal = null;
    boolean rpcMismatch = false;
    boolean garbage = false;
    try {
      rpcMismatch = in.int32() != Wire.RPC_VERSION;
      if (!rpcMismatch) {
        decoder.target(in);
        refusal = decoder.authentication(record, in);
      }
    } catch (XdrException tooShort) {
      garbage = true;
    }
    RpcCall call = new RpcCall(connection, record, in, xid, decoder);
    if (rpcMismatch) {
      call.rpcMismatch();
    } else if (garbage) {
      call.garbageArguments();
    } else if (refusal != null) {
      counters.callRefused();
      call.refuse(refusal);
    } else if (decoder.isTlsProbe()) {
      startTls(call);
    } else {
      route(call);
    }
  }

  /** A client asks whether it may go on with TLS (RFC 9289 §4.1). */
  private void startTls(RpcCall call) {
    if (connection.expectTls()) {
      call.startTls();
    } else {
      counters.callRefused();
      call.refuse(AuthStatus.REJECTED_CREDENTIALS);
    }
  }

  private void route(RpcCall call) {
    RpcProgram program = programs.find(call.program());
    if (program == null) {
      call.programUnavailable();
    } else if (Integer.compareUnsigned(call.version(), program.lowestVersion()) < 0
        || Integer.compareUnsigned(call.version(), program.highestVersion()) > 0) {
      call.programMismatch(program.lowestVersion(), program.highestVersion());
    } else if (call.procedure() == 0) {
      call.succeed();
    } else {
      perform(program, call);
    }
  }

  private void perform(RpcProgram program, RpcCall call) {
    try {
      program.call(call);
      if (!call.isTaken()) {
        fault(call, new IllegalStateException("a call was neither answered nor deferred"));
      }
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      fault(call, e);
    }
  }

  /** The edge of a call: whatever escapes a program ends here, and the connection lives. */
  private void fault(RpcCall call, Throwable fault) {
    counters.programFault();
    log.atError()
        .addKeyValue("connection", connection.id())
        .addKeyValue("program", call.program())
        .addKeyValue("procedure", call.procedure())
        .setCause(fault)
        .log("A program failed to answer a call");
    if (!call.isAnswered()) {
      call.systemError();
    }
  }
}
