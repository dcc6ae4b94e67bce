package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** BIND_CONN_TO_SESSION (RFC 8881 §18.34): uses this connection for a session, too. */
public record BindConnToSession(SessionId session, Direction direction, boolean rdma)
    implements Op {
  public static final int CODE = 41;

  /** A channel_dir_from_client4. */
  public enum Direction {
    FORE(1),
    BACK(2),
    FORE_OR_BOTH(3),
    BACK_OR_BOTH(7);

    private final int code;

    Direction(int code) {
      this.code = code;
    }

    static Direction decode(XdrReader in) throws XdrException {
      int code = in.int32();
      for (Direction direction : values()) {
        if (direction.code == code) {
          return direction;
        }
      }
      throw new XdrException("no such channel direction");
    }
  }

  /** A channel_dir_from_server4. */
  public enum Bound {
    FORE(1),
    BACK(2),
    BOTH(3);

    private final int code;

    Bound(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  static BindConnToSession decode(XdrReader in) throws XdrException {
    return new BindConnToSession(SessionId.decode(in), Direction.decode(in), in.bool());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** BIND_CONN_TO_SESSION4resok. */
  public record Ok(SessionId session, Bound bound, boolean rdma) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      session.encode(out);
      out.int32(bound.code());
      out.bool(rdma);
    }
  }
}
