package tidefs.api.efs;

import java.util.Map;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tools.jackson.databind.node.ObjectNode;

/** ListTagsForResource. */
record ListTagsForResource(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("ListTagsForResource", "GET", "/resource-tags/{ResourceId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("ResourceId", Constraint.RESOURCE_ID);
    PageRequest wanted = request.page("MaxResults", "NextToken");
    request.refuseIfInvalid();
    Page<Map.Entry<String, String>> page = control.tagging().list(id, wanted);
    ObjectNode out = Json.object();
    out.set("Tags", Shapes.tags(page.entries()));
    page.next().ifPresent(next -> out.put("NextToken", next));
    return Json.reply(200, out);
  }
}
