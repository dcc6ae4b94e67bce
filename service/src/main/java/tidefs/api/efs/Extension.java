package tidefs.api.efs;

import tidefs.api.Exchange;
import tidefs.api.Permission;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.databind.node.ObjectNode;

/** What our own services about file systems share: who may ask, and how they refuse. */
final class Extension {
  private final Control control;
  private final Authorizer authorizer;

  Extension(Control control, Authorizer authorizer) {
    this.control = control;
    this.authorizer = authorizer;
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

  static Reply render(ServiceError error) {
    ObjectNode body = Json.object();
    body.put("ErrorCode", error.code());
    body.put("Message", error.message());
    return Json.reply(error.status(), body).with("x-amzn-ErrorType", error.code());
  }
}
