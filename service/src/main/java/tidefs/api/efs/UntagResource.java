package tidefs.api.efs;

import java.util.List;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** UntagResource. */
record UntagResource(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("UntagResource", "DELETE", "/resource-tags/{ResourceId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("ResourceId", Constraint.RESOURCE_ID);
    List<String> keys = request.queries("tagKeys", Constraint.TAG_KEY, 1, 50);
    request.refuseIfInvalid();
    control.tagging().untag(id, keys);
    return Reply.empty(200);
  }
}
