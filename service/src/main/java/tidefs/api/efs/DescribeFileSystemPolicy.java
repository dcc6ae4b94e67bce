package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DescribeFileSystemPolicy. */
record DescribeFileSystemPolicy(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeFileSystemPolicy", "GET", "/file-systems/{FileSystemId}/policy");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    request.refuseIfInvalid();
    String document = control.settings().policy(id);
    String bare = control.fileSystems().describe(id).fileSystem().id();
    return Json.reply(200, PutFileSystemPolicy.policy(bare, document));
  }
}
