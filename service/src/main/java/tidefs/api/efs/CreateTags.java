package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Tags;

/** CreateTags. Deprecated by AWS in favour of TagResource. */
record CreateTags(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("CreateTags", "POST", "/create-tags/{FileSystemId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    in.require("Tags");
    Tags tags = Shapes.tags(in);
    request.refuseIfInvalid();
    control.tagging().tag(id, tags);
    return Reply.empty(204);
  }
}
