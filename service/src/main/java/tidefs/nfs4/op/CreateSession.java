package tidefs.nfs4.op;

import java.util.List;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** CREATE_SESSION (RFC 8881 §18.36): makes a session, and confirms a new client id. */
public record CreateSession(
    long clientId,
    int sequence,
    int flags,
    ChannelAttributes fore,
    ChannelAttributes back,
    int callbackProgram,
    List<CallbackSecurity> callbackSecurity)
    implements Op {
  public static final int CODE = 43;

  public static final int PERSIST = 1;
  public static final int CONN_BACK_CHAN = 2;
  public static final int CONN_RDMA = 4;

  static CreateSession decode(XdrReader in) throws XdrException {
    return new CreateSession(
        in.int64(),
        in.int32(),
        in.int32(),
        ChannelAttributes.decode(in),
        ChannelAttributes.decode(in),
        in.int32(),
        CallbackSecurity.decodeAll(in));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** CREATE_SESSION4resok. */
  public record Ok(
      SessionId session, int sequence, int flags, ChannelAttributes fore, ChannelAttributes back)
      implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      session.encode(out);
      out.int32(sequence);
      out.int32(flags);
      fore.encode(out);
      back.encode(out);
    }
  }
}
