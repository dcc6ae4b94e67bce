package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Tags;

/** TagResource. */
record TagResource(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("TagResource", "POST", "/resource-tags/{ResourceId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("ResourceId", Constraint.RESOURCE_ID);
    Members in = request.body();
    in.require("Tags");
    Tags tags = Shapes.tags(in);
    request.refuseIfInvalid();
    control.tagging().tag(id, tags);
    return Reply.empty(200);
  }
}
