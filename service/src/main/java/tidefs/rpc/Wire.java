package tidefs.rpc;

import java.nio.charset.StandardCharsets;

/** The numbers of RFC 5531 §9 and §11. */
final class Wire {
  static final int CALL = 0;
  static final int REPLY = 1;
  static final int RPC_VERSION = 2;

  static final int ACCEPTED = 0;
  static final int DENIED = 1;

  static final int SUCCESS = 0;
  static final int PROG_UNAVAIL = 1;
  static final int PROG_MISMATCH = 2;
  static final int PROC_UNAVAIL = 3;
  static final int GARBAGE_ARGS = 4;
  static final int SYSTEM_ERR = 5;

  static final int RPC_MISMATCH = 0;
  static final int AUTH_ERROR = 1;

  /** Bytes of a record mark. */
  static final int MARK_BYTES = Integer.BYTES;

  /** The bit of a record mark that says: the last fragment. */
  static final int LAST = 0x8000_0000;

  /** What the verifier of a reply to a client that asks for TLS says. */
  static final byte[] STARTTLS = "STARTTLS".getBytes(StandardCharsets.US_ASCII);

  private Wire() {}
}
