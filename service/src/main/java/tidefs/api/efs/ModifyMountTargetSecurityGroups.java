package tidefs.api.efs;

import java.util.List;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** ModifyMountTargetSecurityGroups. */
record ModifyMountTargetSecurityGroups(Control control) implements EfsOperation {
  private static final int SECURITY_GROUPS_PER_REQUEST = 100;

  @Override
  public Route route() {
    return new Route(
        "ModifyMountTargetSecurityGroups", "PUT", "/mount-targets/{MountTargetId}/security-groups");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("MountTargetId", Constraint.MOUNT_TARGET_ID);
    List<String> groups =
        request
            .body()
            .texts("SecurityGroups", Constraint.SECURITY_GROUP, 0, SECURITY_GROUPS_PER_REQUEST);
    request.refuseIfInvalid();
    control.mountTargets().modifySecurityGroups(id, groups);
    return Reply.empty(204);
  }
}
