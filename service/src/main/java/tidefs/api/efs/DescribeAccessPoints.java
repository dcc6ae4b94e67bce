package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.AccessPoint;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** DescribeAccessPoints. */
record DescribeAccessPoints(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeAccessPoints", "GET", "/access-points");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    PageRequest wanted = request.page("MaxResults", "NextToken");
    Optional<String> id = request.query("AccessPointId", Constraint.ACCESS_POINT_ID);
    Optional<String> fileSystem = request.query("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    Page<AccessPoint> page = control.accessPoints().describe(id, fileSystem, wanted);
    ObjectNode out = Json.object();
    ArrayNode list = out.putArray("AccessPoints");
    page.entries().forEach(it -> list.add(Shapes.accessPoint(it, control.account())));
    page.next().ifPresent(next -> out.put("NextToken", next));
    return Json.reply(200, out);
  }
}
