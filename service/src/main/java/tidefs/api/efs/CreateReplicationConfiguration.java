package tidefs.api.efs;

import java.util.List;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.NewDestination;

/** CreateReplicationConfiguration. */
record CreateReplicationConfiguration(Control control) implements EfsOperation {
  private static final int DESTINATIONS_PER_REQUEST = 10;

  @Override
  public Route route() {
    return new Route(
        "CreateReplicationConfiguration",
        "POST",
        "/file-systems/{SourceFileSystemId}/replication-configuration");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String source = request.path("SourceFileSystemId", Constraint.FILE_SYSTEM_ID);
    Members in = request.body();
    in.require("Destinations");
    List<Members> destinations = in.structures("Destinations", DESTINATIONS_PER_REQUEST);
    NewDestination wanted = null;
    for (Members each : destinations) {
      wanted =
          new NewDestination(
              each.text("Region", Constraint.REGION),
              each.text("AvailabilityZoneName", Constraint.ZONE_NAME),
              each.text("KmsKeyId", Constraint.KMS_KEY_ID),
              each.text("FileSystemId", Constraint.FILE_SYSTEM_ID),
              each.text("RoleArn", Constraint.ROLE_ARN));
    }
    request.refuseIfInvalid();
    if (wanted == null || destinations.size() != 1) {
      throw new ServiceError(
          400, "BadRequest", "A replication configuration has exactly one destination.");
    }
    return Json.reply(
        200, Shapes.replication(control.replications().create(source, wanted), control.account()));
  }
}
