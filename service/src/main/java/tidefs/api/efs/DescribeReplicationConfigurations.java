package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tidefs.control.Replication;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** DescribeReplicationConfigurations. */
record DescribeReplicationConfigurations(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route(
        "DescribeReplicationConfigurations", "GET", "/file-systems/replication-configurations");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    PageRequest wanted = request.page("MaxResults", "NextToken");
    Optional<String> id = request.query("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    Page<Replication> page = control.replications().describe(id, wanted);
    ObjectNode out = Json.object();
    ArrayNode list = out.putArray("Replications");
    page.entries().forEach(it -> list.add(Shapes.replication(it, control.account())));
    page.next().ifPresent(next -> out.put("NextToken", next));
    return Json.reply(200, out);
  }
}
