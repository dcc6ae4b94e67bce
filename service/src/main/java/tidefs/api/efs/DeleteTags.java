package tidefs.api.efs;

import java.util.List;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DeleteTags. Deprecated by AWS in favour of UntagResource. */
record DeleteTags(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DeleteTags", "POST", "/delete-tags/{FileSystemId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    in.require("TagKeys");
    List<String> keys = in.texts("TagKeys", Constraint.TAG_KEY, 1, 50);
    request.refuseIfInvalid();
    control.tagging().untag(id, keys);
    return Reply.empty(204);
  }
}
