package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.FileSystemDescription;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** DescribeFileSystems. */
record DescribeFileSystems(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeFileSystems", "GET", "/file-systems");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    PageRequest wanted = request.page("MaxItems", "Marker");
    Optional<String> token = request.query("CreationToken", Constraint.TOKEN);
    Optional<String> id = request.query("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    Page<FileSystemDescription> page = control.fileSystems().describe(token, id, wanted);
    ObjectNode out = Json.object();
    wanted.marker().ifPresent(marker -> out.put("Marker", marker));
    ArrayNode list = out.putArray("FileSystems");
    page.entries().forEach(it -> list.add(Shapes.fileSystem(it, control.account())));
    page.next().ifPresent(next -> out.put("NextMarker", next));
    return Json.reply(200, out);
  }
}
