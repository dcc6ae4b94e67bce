package tidefs.api;

import java.util.Map;

/**
 * An error as a service answers it: HTTP status, error code and message, and what else the error's
 * shape holds. An answer, not a fault: it has no stack.
 */
public final class ServiceError extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final transient Map<String, String> members;

  /** An error without further members. */
  public ServiceError(int status, String code, String message) {
    this(status, code, message, Map.of());
  }

  /** An error whose shape has further members. */
  public ServiceError(int status, String code, String message, Map<String, String> members) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.members = Map.copyOf(members);
  }

  /** The request's body or parameters cannot be read. */
  public static ServiceError serialization(String message) {
    return new ServiceError(400, "SerializationException", message);
  }

  /** A member of the request breaks a constraint of its shape. */
  public static ServiceError validation(String message) {
    return new ServiceError(400, "ValidationException", message);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The code, as clients match it. */
  public String code() {
    return code;
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** Further members of the error's shape. */
  public Map<String, String> members() {
    return members;
  }
}
