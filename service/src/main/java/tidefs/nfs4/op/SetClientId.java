package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * SETCLIENTID (RFC 7530 §16.33): introduces a client; 4.0 only.
 *
 * @param verifier changes when the client restarts
 * @param id the bytes by which the client knows itself
 * @param callbackProgram the RPC program of its callbacks
 * @param callbackNetwork how they reach it, as "tcp"
 * @param callbackAddress where they reach it, as "10.0.0.1.8.1"
 * @param callbackIdent what they say to it
 */
public record SetClientId(
    long verifier,
    Opaque id,
    int callbackProgram,
    Opaque callbackNetwork,
    Opaque callbackAddress,
    int callbackIdent)
    implements Op {
  public static final int CODE = 35;

  static SetClientId decode(XdrReader in) throws XdrException {
    return new SetClientId(
        in.int64(),
        in.bytes(Limits.OPAQUE_BYTES),
        in.int32(),
        in.bytes(Limits.NETWORK_ID_BYTES),
        in.bytes(Limits.ADDRESS_BYTES),
        in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** SETCLIENTID4resok. */
  public record Ok(long clientId, long confirmVerifier) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int64(clientId);
      out.int64(confirmVerifier);
    }
  }

  /** CLID_INUSE: another principal has this client; where it may be found. */
  public record InUse(Opaque network, Opaque address) implements Reply {
    @Override
    public Status status() {
      return Status.CLID_INUSE;
    }

    @Override
    public void encodeBody(XdrWriter out) {
      out.opaque(network);
      out.opaque(address);
    }
  }

  /** CLID_INUSE has a body, which is then empty. */
  @Override
  public Reply refused(Status status) {
    return status == Status.CLID_INUSE ? new InUse(Opaque.EMPTY, Opaque.EMPTY) : Reply.of(status);
  }
}
