package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DeleteAccessPoint. */
record DeleteAccessPoint(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DeleteAccessPoint", "DELETE", "/access-points/{AccessPointId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("AccessPointId", Constraint.ACCESS_POINT_ID);
    request.refuseIfInvalid();
    control.accessPoints().delete(id);
    return Reply.empty(204);
  }
}
