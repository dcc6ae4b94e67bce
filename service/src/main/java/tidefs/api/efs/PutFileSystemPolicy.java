package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.FileSystem;
import tools.jackson.databind.node.ObjectNode;

/** PutFileSystemPolicy. */
record PutFileSystemPolicy(Control control, Permissions permissions) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("PutFileSystemPolicy", "PUT", "/file-systems/{FileSystemId}/policy");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    String text = in.requiredText("Policy", Constraint.POLICY);
    boolean bypass = in.flag("BypassPolicyLockoutSafetyCheck").orElse(false);
    request.refuseIfInvalid();
    FileSystem of = control.fileSystems().describe(id).fileSystem();
    PolicyDocument policy = PolicyDocument.parse(text, control.account().fileSystemArn(of.id()));
    if (!bypass) {
      permissions.refuseLockout(policy.policy(), of.id(), request);
    }
    String kept = control.settings().putPolicy(id, policy.normalised(request.id()));
    return Json.reply(200, policy(of.id(), kept));
  }

  /** FileSystemPolicyDescription. */
  static ObjectNode policy(String fileSystemId, String document) {
    ObjectNode out = Json.object();
    out.put("FileSystemId", fileSystemId);
    out.put("Policy", document);
    return out;
  }
}
