package tidefs.api.efs;

import tidefs.api.Exchange;
import tidefs.api.Permission;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service of our own about file systems, that EFS does not have: requests below a path, signed
 * for a name of its own, whose callers need permissions of EFS.
 */
abstract class Extension implements Service {
  private final String name;
  private final String path;
  private final Control control;
  private final Authorizer authorizer;

  /**
   * A service.
   *
   * @param name that requests are signed for
   * @param path where they go; ends with a slash
   */
  Extension(String name, String path, Control control, Authorizer authorizer) {
    this.name = name;
    this.path = path;
    this.control = control;
    this.authorizer = authorizer;
  }

  /**
   * Answers a request.
   *
   * @param parts what follows the path, between slashes: at least one, which may be empty
   */
  abstract Reply answer(Exchange exchange, Caller caller, String[] parts)
      throws ServiceError, ApiRefusal;

  Control control() {
    return control;
  }

  @Override
  public final String signingName() {
    return name;
  }

  @Override
  public final boolean resembles(Exchange exchange) {
    return exchange.rawPath().startsWith(path);
  }

  @Override
  public final Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    if (!resembles(exchange)) {
      throw unknown();
    }
    try {
      return answer(exchange, caller, exchange.rawPath().substring(path.length()).split("/", -1));
    } catch (ApiRefusal e) {
      throw EfsErrors.of(e);
    }
  }

  @Override
  public final Reply render(ServiceError error, Exchange exchange) {
    ObjectNode body = Json.object();
    body.put("ErrorCode", error.code());
    body.put("Message", error.message());
    return Json.reply(error.status(), body).with("x-amzn-ErrorType", error.code());
  }

  /**
   * Refuses who may not, and then what is not there.
   *
   * @param action of EFS, that one must be allowed
   */
  void allow(Caller caller, Exchange exchange, String action, String fileSystem)
      throws ServiceError, ApiRefusal {
    allowAny(caller, exchange, action, fileSystem);
    control.settings().of(fileSystem);
  }

  /** Refuses who may not, whether it is there or not. */
  void allowAny(Caller caller, Exchange exchange, String action, String fileSystem)
      throws ServiceError {
    String arn = control.account().fileSystemArn(fileSystem);
    if (!Permission.isGranted(authorizer, caller, exchange, "elasticfilesystem:" + action, arn)) {
      throw new ServiceError(
          403,
          "AccessDeniedException",
          "User: "
              + caller.arn()
              + " is not authorized to perform: elasticfilesystem:"
              + action
              + " on resource: "
              + arn);
    }
  }

  static ServiceError unknown() {
    return new ServiceError(404, "UnknownOperationException", "There is no such operation.");
  }
}
