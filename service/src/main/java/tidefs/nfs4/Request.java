package tidefs.nfs4;

import tidefs.nfs4.op.ComponentName;
import tidefs.nfs4.op.CompoundHeader;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.rpc.RpcCall;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** A COMPOUND as it was received: its header, and its bytes as limits and checksums count them. */
final class Request {
  /** The least that the header of an RPC call takes. */
  private static final int RPC_HEADER_BYTES = 40;

  private static final CompoundHeader NONE = new CompoundHeader(Opaque.EMPTY, 0, 0);

  /** How many words a checksum looks at. */
  private static final int FINGERPRINT_WORDS = 64;

  private final XdrReader in;
  private final int start;
  private final int bytes;
  private CompoundHeader header = NONE;

  Request(RpcCall call) {
    in = call.arguments();
    start = in.position();
    bytes = in.remaining() + RPC_HEADER_BYTES;
  }

  /** Decodes the header. */
  void decodeHeader() throws XdrException {
    header = CompoundHeader.decode(in);
  }

  /** The header; that of an empty COMPOUND before it is decoded. */
  CompoundHeader header() {
    return header;
  }

  /** Whether a server of this configuration performs such a request at all. */
  Status checkHeader(NfsConfig config) {
    if (Integer.compareUnsigned(header.minorVersion(), config.extensions() ? 2 : 1) > 0) {
      return Status.MINOR_VERS_MISMATCH;
    }
    if (!ComponentName.isUtf8(header.tag().array())) {
      return Status.INVAL;
    }
    if (header.minorVersion() == 0
        && Integer.compareUnsigned(header.operations(), config.operations()) > 0) {
      return Status.RESOURCE;
    }
    return header.operations() < 0 ? Status.TOO_MANY_OPS : Status.OK;
  }

  /** Where the operations are read. */
  XdrReader in() {
    return in;
  }

  /** The size of the request, RPC header and all. */
  int bytes() {
    return bytes;
  }

  /** A checksum of the request's first words, to tell a retry from another request. */
  int fingerprint() {
    int before = in.position();
    int print = bytes;
    try {
      in.position(start);
      for (int words = in.remaining() / Integer.BYTES; words > 0; words--) {
        print = print * 31 + in.int32();
        if (in.position() - start >= FINGERPRINT_WORDS * Integer.BYTES) {
          break;
        }
      }
    } catch (XdrException impossible) {
      throw new IllegalStateException("no more is read than there is", impossible);
    } finally {
      in.position(before);
    }
    return print;
  }
}
