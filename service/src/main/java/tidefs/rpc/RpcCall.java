package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tidefs.base.Invariant;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * A call that was received, and the means to answer it, once: {@link #send}, {@link #refuse},
 * {@link #drop}, or one of the errors of RFC 5531 §9.
 *
 * <p>On the event loop and within {@link RpcProgram#call} a call is answered at once, or
 * {@linkplain #defer deferred}. A deferred call belongs to one thread at a time, which answers it;
 * on the event loop it may be deferred again.
 */
public final class RpcCall {
  /** What a program that has no better guess expects of a reply. */
  private static final int EXPECTED_BYTES = 512;

  private static final int ERROR_BYTES = 2 * Integer.BYTES;

  /** Bytes of the mark and header of an accepted reply. */
  private static final int HEADER_BYTES = Wire.MARK_BYTES + 6 * Integer.BYTES;

  private final Connection connection;
  private final Outbound outbound;
  private final ByteBuf record;
  private final XdrReader arguments;
  private final int xid;
  private final int program;
  private final int version;
  private final int procedure;
  private final Credentials credentials;

  private @Nullable XdrWriter writer;

  /** The batch in which the reply was begun, and where. */
  private @Nullable ByteBuf batch;

  private int start;
  private int headerBytes;
  private int replyBytes;

  /** The reply in a buffer of its own that is complete and waits to be sent. */
  private @Nullable ByteBuf complete;

  private boolean inBatch;
  private boolean deferred;
  private boolean answered;

  RpcCall(Connection connection, ByteBuf record, XdrReader arguments, int xid, CallDecoder header) {
    this.connection = connection;
    outbound = connection.outbound();
    this.record = record;
    this.arguments = arguments;
    this.xid = xid;
    program = header.program();
    version = header.version();
    procedure = header.procedure();
    credentials = header.credentials();
  }

  /** The connection that the call came by. */
  public Connection connection() {
    return connection;
  }

  /** The transaction identifier that the caller chose. */
  public int xid() {
    return xid;
  }

  /** The program number. */
  public int program() {
    return program;
  }

  /** The version of the program, within what the program speaks. */
  public int version() {
    return version;
  }

  /** The procedure, never 0. */
  public int procedure() {
    return procedure;
  }

  /** Who calls. */
  public Credentials credentials() {
    return credentials;
  }

  /**
   * The arguments, where they were received. The reader and slices of it are valid until the call
   * returns or, deferred, until it is answered; whoever keeps a slice longer retains it.
   */
  public XdrReader arguments() {
    return arguments;
  }

  /** Whether the call was deferred or answered. */
  boolean isTaken() {
    return deferred || answered;
  }

  /** Whether the call was answered. */
  public boolean isAnswered() {
    return answered;
  }

  /**
   * Announces that the answer comes after {@link RpcProgram#call} has returned: keeps the
   * arguments, and moves a reply that was begun to a buffer of its own. To be called on the event
   * loop, and before another thread sees this call; again whenever a task of the loop leaves it
   * with a reply begun.
   */
  public void defer() {
    if (!deferred) {
      Invariant.check(!answered, "a call is deferred before it is answered");
      deferred = true;
      record.retain();
      connection.callDeferred();
    }
    detach();
  }

  /** Begins the results of a successful reply, of a few hundred bytes. */
  public XdrWriter reply() {
    return reply(EXPECTED_BYTES);
  }

  /**
   * Begins the results of a successful reply of about {@code expectedBytes}: a hint that spares the
   * growth of a buffer. What was begun before is forgotten. The caller writes to the writer, and
   * neither finishes nor discards it.
   */
  public XdrWriter reply(int expectedBytes) {
    return accept(Wire.SUCCESS, expectedBytes);
  }

  /**
   * Ends the reply without sending it: it must wait, say until it is durable. Implies {@link
   * #defer}; a later {@link #send}, on any thread, lets it go. To be called on the event loop if
   * the reply was begun there.
   */
  public void hold() {
    ByteBuf whole = seal();
    complete = inBatch ? outbound.hold(whole, whole.writerIndex() - replyBytes) : whole;
    inBatch = false;
    defer();
  }

  /** Sends the reply that was begun and written. */
  public void send() {
    if (inBatch) {
      ByteBuf whole = seal();
      inBatch = false;
      answer();
      outbound.end(whole, replyBytes);
      if (deferred) {
        connection.callAnswered();
      }
      return;
    }
    if (complete == null) {
      complete = seal();
    }
    leave();
  }

  /** Answers that the program has no such procedure: PROC_UNAVAIL. */
  public void procedureUnavailable() {
    fail(Wire.PROC_UNAVAIL);
  }

  /** Answers that the arguments cannot be decoded: GARBAGE_ARGS. */
  public void garbageArguments() {
    fail(Wire.GARBAGE_ARGS);
  }

  /** Answers that the server is at fault: SYSTEM_ERR. */
  public void systemError() {
    fail(Wire.SYSTEM_ERR);
  }

  /** Answers that the credentials will not do: AUTH_ERROR. */
  public void refuse(AuthStatus status) {
    deny(Wire.AUTH_ERROR).int32(status.code());
    send();
  }

  /** Answers nothing, ever. */
  public void drop() {
    forget();
    leave();
  }

  /** Answers that TLS may begin: the verifier says STARTTLS (RFC 9289 §4.1). */
  void startTls() {
    ByteBuf out = begin(Wire.ACCEPTED, HEADER_BYTES + Wire.STARTTLS.length);
    out.writeInt(AuthNone.FLAVOUR);
    out.writeInt(Wire.STARTTLS.length);
    out.writeBytes(Wire.STARTTLS);
    out.writeInt(Wire.SUCCESS);
    var _ = body(out);
    send();
  }

  /** Answers NULL and everything else that has no results. */
  void succeed() {
    fail(Wire.SUCCESS);
  }

  void programUnavailable() {
    fail(Wire.PROG_UNAVAIL);
  }

  void programMismatch(int lowest, int highest) {
    XdrWriter body = accept(Wire.PROG_MISMATCH, ERROR_BYTES);
    body.int32(lowest);
    body.int32(highest);
    send();
  }

  void rpcMismatch() {
    XdrWriter body = deny(Wire.RPC_MISMATCH);
    body.int32(Wire.RPC_VERSION);
    body.int32(Wire.RPC_VERSION);
    send();
  }

  /** On the event loop: the call was answered and its reply, if any, has a buffer of its own. */
  void fetched() {
    ByteBuf reply = complete;
    complete = null;
    if (reply != null) {
      outbound.send(reply);
    }
    if (deferred) {
      connection.callAnswered();
    }
  }

  /** The reply cannot be sent any more. */
  void releaseReply() {
    ByteBuf reply = complete;
    complete = null;
    if (reply != null) {
      reply.release();
    }
  }

  /** Moves a reply that was begun in the batch to a buffer of its own. */
  void detach() {
    ByteBuf begun = batch;
    if (inBatch && begun != null) {
      inBatch = false;
      outbound.detach(begun, start);
    }
  }

  private void fail(int status) {
    accept(status, ERROR_BYTES);
    send();
  }

  private XdrWriter accept(int status, int expectedBytes) {
    ByteBuf out = begin(Wire.ACCEPTED, HEADER_BYTES + expectedBytes);
    out.writeLong(0); // A verifier of AUTH_NONE, without a body.
    out.writeInt(status);
    return body(out);
  }

  private XdrWriter deny(int status) {
    ByteBuf out = begin(Wire.DENIED, HEADER_BYTES);
    out.writeInt(status);
    return body(out);
  }

  /** A buffer to which mark, transaction, message type and kind of reply have been written. */
  private ByteBuf begin(int kind, int expectedBytes) {
    Invariant.check(!answered, "a call is answered once");
    forget();
    ByteBuf out;
    if (connection.inEventLoop() && outbound.isFree()) {
      out = outbound.begin(this, expectedBytes);
      batch = out;
      inBatch = true;
    } else {
      out = connection.allocator().directBuffer(expectedBytes);
    }
    start = out.writerIndex();
    out.writeLong(Integer.toUnsignedLong(xid)); // The mark is set when the length is known.
    out.writeLong((long) Wire.REPLY << Integer.SIZE | kind);
    return out;
  }

  private XdrWriter body(ByteBuf out) {
    headerBytes = out.writerIndex() - start;
    XdrWriter body = new XdrWriter(out);
    writer = body;
    return body;
  }

  /** Ends the reply and sets its mark; returns the buffer that the reply is the end of. */
  private ByteBuf seal() {
    XdrWriter body = Objects.requireNonNull(writer, "a reply is begun before it is sent");
    replyBytes = headerBytes + body.position();
    ByteBuf whole = body.finish();
    writer = null;
    batch = null;
    int at = whole.writerIndex() - replyBytes;
    whole.setInt(at, Wire.LAST | replyBytes - Wire.MARK_BYTES);
    if (!inBatch) {
      whole.readerIndex(at); // Replies before it, if any, have left as a slice.
    }
    return whole;
  }

  /** Forgets a reply that was begun. */
  private void forget() {
    releaseReply();
    XdrWriter body = writer;
    if (body == null) {
      return;
    }
    writer = null;
    if (inBatch) {
      inBatch = false;
      int length = headerBytes + body.position();
      ByteBuf whole = body.finish();
      outbound.abandon(whole, whole.writerIndex() - length);
    } else {
      body.discard();
    }
  }

  /** Answers with the complete reply, or none. */
  private void leave() {
    answer();
    if (connection.inEventLoop()) {
      fetched();
    } else {
      outbound.sendFromElsewhere(this);
    }
  }

  private void answer() {
    Invariant.check(!answered, "a call is answered once");
    answered = true;
    if (deferred) {
      record.release();
    }
  }
}
