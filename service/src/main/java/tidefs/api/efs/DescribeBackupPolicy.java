package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DescribeBackupPolicy. */
record DescribeBackupPolicy(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeBackupPolicy", "GET", "/file-systems/{FileSystemId}/backup-policy");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    return Json.reply(200, Shapes.backup(control.settings().backup(id)));
  }
}
