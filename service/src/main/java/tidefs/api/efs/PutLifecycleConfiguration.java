package tidefs.api.efs;

import java.util.ArrayList;
import java.util.List;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.LifecyclePolicy;

/** PutLifecycleConfiguration. */
record PutLifecycleConfiguration(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route(
        "PutLifecycleConfiguration", "PUT", "/file-systems/{FileSystemId}/lifecycle-configuration");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    in.require("LifecyclePolicies");
    List<LifecyclePolicy> policies = new ArrayList<>();
    boolean malformed = false;
    for (Members policy : in.structures("LifecyclePolicies", 3)) {
      List<LifecyclePolicy> found = Shapes.lifecyclePolicies(policy);
      malformed |= found.size() != 1;
      policies.addAll(found);
    }
    request.refuseIfInvalid();
    if (malformed) {
      throw new ServiceError(
          400, "BadRequest", "One or more LifecyclePolicy objects specified are malformed.");
    }
    return Json.reply(200, Shapes.lifecycle(control.settings().putLifecycle(id, policies)));
  }
}
