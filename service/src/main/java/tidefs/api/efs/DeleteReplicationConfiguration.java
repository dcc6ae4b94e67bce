package tidefs.api.efs;

import java.util.Map;
import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;

/** DeleteReplicationConfiguration. */
record DeleteReplicationConfiguration(Control control) implements EfsOperation {
  private enum DeletionMode {
    ALL_CONFIGURATIONS,
    LOCAL_CONFIGURATION_ONLY;

    static final Map<String, DeletionMode> NAMED = Shapes.named(values(), DeletionMode::name);
  }

  @Override
  public Route route() {
    return new Route(
        "DeleteReplicationConfiguration",
        "DELETE",
        "/file-systems/{SourceFileSystemId}/replication-configuration");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    String source = request.path("SourceFileSystemId", Constraint.FILE_SYSTEM_ID);
    Optional<DeletionMode> mode = request.queryChoice("deletionMode", DeletionMode.NAMED);
    request.refuseIfInvalid();
    control
        .replications()
        .delete(source, mode.equals(Optional.of(DeletionMode.LOCAL_CONFIGURATION_ONLY)));
    return Reply.empty(204);
  }
}
