package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DeleteMountTarget. */
record DeleteMountTarget(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DeleteMountTarget", "DELETE", "/mount-targets/{MountTargetId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("MountTargetId", Constraint.MOUNT_TARGET_ID);
    request.refuseIfInvalid();
    control.mountTargets().delete(id);
    return Reply.empty(204);
  }
}
