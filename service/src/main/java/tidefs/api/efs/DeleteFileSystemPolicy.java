package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DeleteFileSystemPolicy. */
record DeleteFileSystemPolicy(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DeleteFileSystemPolicy", "DELETE", "/file-systems/{FileSystemId}/policy");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    control.settings().deletePolicy(id);
    return Reply.empty(200);
  }
}
