package tidefs.rpc;

/** Why the credentials of a call are refused: {@code auth_stat} (RFC 5531 §9). */
public enum AuthStatus {
  /** AUTH_BADCRED: the credentials cannot be parsed. */
  BAD_CREDENTIALS(1),
  /** AUTH_REJECTEDCRED: a flavour that is not spoken, or a session that must be begun anew. */
  REJECTED_CREDENTIALS(2),
  /** AUTH_BADVERF: the verifier cannot be parsed. */
  BAD_VERIFIER(3),
  /** AUTH_TOOWEAK: refused for reasons of security. */
  TOO_WEAK(5);

  private final int code;

  AuthStatus(int code) {
    this.code = code;
  }

  /** The value on the wire. */
  int code() {
    return code;
  }
}
