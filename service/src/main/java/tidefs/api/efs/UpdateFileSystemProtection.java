package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.OverwriteProtection;
import tools.jackson.databind.node.ObjectNode;

/** UpdateFileSystemProtection. */
record UpdateFileSystemProtection(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route(
        "UpdateFileSystemProtection", "PUT", "/file-systems/{FileSystemId}/protection");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Optional<OverwriteProtection> wanted =
        request.body().choice("ReplicationOverwriteProtection", Shapes.PROTECTIONS);
    request.refuseIfInvalid();
    OverwriteProtection now =
        wanted.isPresent()
            ? control.settings().putProtection(id, wanted.get())
            : control.settings().of(id).protection();
    ObjectNode out = Json.object();
    out.put("ReplicationOverwriteProtection", now.name());
    return Json.reply(200, out);
  }
}
