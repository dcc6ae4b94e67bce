package tidefs.api.efs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.iam.Caller;
import tidefs.iam.policy.AccessRequest;
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
    String arn = control.account().fileSystemArn(fileSystem);
    AccessRequest question =
        new AccessRequest(
            Optional.of(caller),
            "elasticfilesystem:" + action,
            arn,
            Map.of("aws:SourceIp", List.of(exchange.remoteAddress())));
    if (!authorizer.decide(question, Optional.empty()).isAllowed()) {
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
    control.settings().of(fileSystem);
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
