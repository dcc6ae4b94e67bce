package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.BackupStatus;
import tidefs.control.Control;

/** PutBackupPolicy. */
record PutBackupPolicy(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("PutBackupPolicy", "PUT", "/file-systems/{FileSystemId}/backup-policy");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    in.require("BackupPolicy");
    Optional<Members> policy = in.structure("BackupPolicy");
    Optional<BackupStatus> status = Optional.empty();
    if (policy.isPresent()) {
      policy.get().require("Status");
      status = policy.get().choice("Status", Shapes.BACKUP_STATUSES);
    }
    request.refuseIfInvalid();
    boolean on =
        switch (status.orElseThrow()) {
          case ENABLED -> true;
          case DISABLED -> false;
          case ENABLING, DISABLING ->
              throw ServiceError.validation("The status can be set to ENABLED or DISABLED only.");
        };
    return Json.reply(200, Shapes.backup(control.settings().putBackup(id, on)));
  }
}
