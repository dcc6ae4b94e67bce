package tidefs.control;

import java.util.Optional;

/**
 * The control plane's answer to a call that it will not carry out. Nothing has changed. An answer,
 * not a fault: it has no stack.
 */
public final class ApiRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final String existingId;

  /** A refusal whose message is for the caller's eyes. */
  public ApiRefusal(ErrorCode code, String message) {
    this(code, message, "");
  }

  private ApiRefusal(ErrorCode code, String message, String existingId) {
    super(message, null, false, false);
    this.code = code;
    this.existingId = existingId;
  }

  /** The refusal to make again what a token has already made: {@code existingId}. */
  static ApiRefusal alreadyExists(ErrorCode code, String message, String existingId) {
    return new ApiRefusal(code, message, existingId);
  }

  static ApiRefusal badRequest(String message) {
    return new ApiRefusal(ErrorCode.BAD_REQUEST, message);
  }

  static ApiRefusal noFileSystem(String id) {
    return new ApiRefusal(
        ErrorCode.FILE_SYSTEM_NOT_FOUND, "File system '" + id + "' does not exist.");
  }

  static ApiRefusal noMountTarget(String id) {
    return new ApiRefusal(
        ErrorCode.MOUNT_TARGET_NOT_FOUND, "Mount target '" + id + "' does not exist.");
  }

  static ApiRefusal noAccessPoint(String id) {
    return new ApiRefusal(
        ErrorCode.ACCESS_POINT_NOT_FOUND, "Access point '" + id + "' does not exist.");
  }

  /** Why. */
  public ErrorCode code() {
    return code;
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** The resource that exists already, if that is the reason. */
  public Optional<String> existingId() {
    return existingId.isEmpty() ? Optional.empty() : Optional.of(existingId);
  }
}
