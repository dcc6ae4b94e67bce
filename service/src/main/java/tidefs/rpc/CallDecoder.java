package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * Decodes the headers of a connection's calls (RFC 5531 §9), one after the other, and remembers the
 * credentials of the last, which the next commonly repeats byte for byte.
 */
final class CallDecoder {
  /** The flavour of a call that asks for TLS (RFC 9289 §4.1). */
  private static final int AUTH_TLS = 7;

  private int program;
  private int version;
  private int procedure;
  private Credentials credentials = AuthNone.INSTANCE;

  private boolean tlsProbe;

  private ByteBuf lastBody = Unpooled.EMPTY_BUFFER;
  private @Nullable AuthSys last;

  int program() {
    return program;
  }

  int version() {
    return version;
  }

  int procedure() {
    return procedure;
  }

  Credentials credentials() {
    return credentials;
  }

  /** Whether the call asks for TLS (RFC 9289 §4.1). */
  boolean isTlsProbe() {
    return tlsProbe;
  }

  /** Reads program, version and procedure. */
  void target(XdrReader in) throws XdrException {
    program = in.int32();
    version = in.int32();
    procedure = in.int32();
    credentials = AuthNone.INSTANCE;
    tlsProbe = false;
  }

  /** Reads credentials and verifier; returns why they are refused, or null. */
  @Nullable AuthStatus authentication(ByteBuf record, XdrReader in) throws XdrException {
    int flavour = in.int32();
    int bodyAt = in.position() + Integer.BYTES;
    try {
      in.skipOpaque(Limits.AUTH_BYTES);
    } catch (XdrException tooLong) {
      return AuthStatus.BAD_CREDENTIALS;
    }
    int length = record.getInt(bodyAt - Integer.BYTES);
    try {
      in.int32();
      in.skipOpaque(Limits.AUTH_BYTES);
    } catch (XdrException tooLong) {
      return AuthStatus.BAD_VERIFIER;
    }
    if (flavour == AUTH_TLS && procedure == 0 && length == 0) {
      tlsProbe = true;
      return null;
    }
    return switch (flavour) {
      case AuthNone.FLAVOUR -> null;
      case AuthSys.FLAVOUR -> sys(record, bodyAt, length);
      case AUTH_TLS -> AuthStatus.BAD_CREDENTIALS;
      default -> AuthStatus.REJECTED_CREDENTIALS;
    };
  }

  private @Nullable AuthStatus sys(ByteBuf record, int at, int length) {
    AuthSys same = last;
    if (same != null
        && length == lastBody.capacity()
        && ByteBufUtil.equals(record, at, lastBody, 0, length)) {
      credentials = same;
      return null;
    }
    try {
      AuthSys decoded = AuthSys.decode(record.slice(at, length));
      lastBody = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(record, at, length));
      last = decoded;
      credentials = decoded;
      return null;
    } catch (XdrException malformed) {
      return AuthStatus.BAD_CREDENTIALS;
    }
  }
}
