package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.FileSystemDescription;
import tidefs.control.NewFileSystem;
import tidefs.control.PerformanceMode;

/** CreateFileSystem. */
record CreateFileSystem(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("CreateFileSystem", "POST", "/file-systems");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    Members in = request.body();
    var wanted =
        new NewFileSystem(
            in.requiredText("CreationToken", Constraint.TOKEN),
            in.choice("PerformanceMode", Shapes.PERFORMANCE_MODES)
                .orElse(PerformanceMode.GENERAL_PURPOSE),
            new NewFileSystem.Encryption(
                in.flag("Encrypted").orElse(false), in.text("KmsKeyId", Constraint.KMS_KEY_ID)),
            in.choice("ThroughputMode", Shapes.THROUGHPUT_MODES),
            in.decimal("ProvisionedThroughputInMibps", 1),
            in.text("AvailabilityZoneName", Constraint.ZONE_NAME),
            in.flag("Backup"),
            Shapes.tags(in));
    request.refuseIfInvalid();
    FileSystemDescription made = control.fileSystems().create(wanted);
    return Json.reply(201, Shapes.fileSystem(made, control.account()));
  }
}
