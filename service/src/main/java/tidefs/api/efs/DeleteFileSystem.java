package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DeleteFileSystem. */
record DeleteFileSystem(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DeleteFileSystem", "DELETE", "/file-systems/{FileSystemId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    control.fileSystems().delete(id);
    return Reply.empty(204);
  }
}
