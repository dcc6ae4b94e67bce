package tidefs.api.efs;

import java.util.Optional;
import java.util.OptionalDouble;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.FileSystemDescription;
import tidefs.control.ThroughputMode;

/** UpdateFileSystem. */
record UpdateFileSystem(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("UpdateFileSystem", "PUT", "/file-systems/{FileSystemId}");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String id = request.path("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    Optional<ThroughputMode> mode = in.choice("ThroughputMode", Shapes.THROUGHPUT_MODES);
    // Terraform sends 0 when it leaves provisioned mode, below the minimum of the service model.
    boolean leaving = mode.isPresent() && mode.get() != ThroughputMode.PROVISIONED;
    OptionalDouble mibps = in.decimal("ProvisionedThroughputInMibps", leaving ? 0 : 1);
    request.refuseIfInvalid();
    FileSystemDescription updated = control.fileSystems().update(id, mode, mibps);
    return Json.reply(202, Shapes.fileSystem(updated, control.account()));
  }
}
