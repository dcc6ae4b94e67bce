package tidefs.iam.identity;

/** Why a change of users is refused. An answer, not a fault: it has no stack. */
public final class IdentityRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Code code;

  /** A refusal whose message is for the caller's eyes. */
  IdentityRefusal(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static IdentityRefusal noSuchUser(String name) {
    return new IdentityRefusal(
        Code.NO_SUCH_ENTITY, "The user with name " + name + " cannot be found.");
  }

  /** What kind of refusal. */
  public Code code() {
    return code;
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** The errors of the IAM API. */
  public enum Code {
    /** A user of this name exists. */
    ENTITY_ALREADY_EXISTS,
    /** There is no such user, key or policy. */
    NO_SUCH_ENTITY,
    /** The user still has keys or policies. */
    DELETE_CONFLICT,
    /** There are as many as there may be. */
    LIMIT_EXCEEDED,
    /** A policy is none. */
    MALFORMED_POLICY_DOCUMENT,
    /** A name is none. */
    VALIDATION,
  }
}
