package tidefs.api.efs;

import java.util.List;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** DescribeMountTargetSecurityGroups. */
record DescribeMountTargetSecurityGroups(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route(
        "DescribeMountTargetSecurityGroups",
        "GET",
        "/mount-targets/{MountTargetId}/security-groups");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("MountTargetId", Constraint.MOUNT_TARGET_ID);
    request.refuseIfInvalid();
    List<String> groups = control.mountTargets().securityGroups(id);
    ObjectNode out = Json.object();
    ArrayNode list = out.putArray("SecurityGroups");
    groups.forEach(list::add);
    return Json.reply(200, out);
  }
}
