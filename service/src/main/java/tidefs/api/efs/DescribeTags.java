package tidefs.api.efs;

import java.util.Map;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tools.jackson.databind.node.ObjectNode;

/** DescribeTags. Deprecated by AWS in favour of ListTagsForResource. */
record DescribeTags(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeTags", "GET", "/tags/{FileSystemId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    PageRequest wanted = request.page("MaxItems", "Marker");
    request.refuseIfInvalid();
    Page<Map.Entry<String, String>> page = control.tagging().list(id, wanted);
    ObjectNode out = Json.object();
    wanted.marker().ifPresent(marker -> out.put("Marker", marker));
    out.set("Tags", Shapes.tags(page.entries()));
    page.next().ifPresent(next -> out.put("NextMarker", next));
    return Json.reply(200, out);
  }
}
