package tidefs.api.efs;

import java.util.Optional;
import java.util.OptionalDouble;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.NewDestination;
import tidefs.control.PerformanceMode;
import tidefs.control.ReplicationPeers;
import tidefs.control.Throughput;
import tidefs.control.ThroughputMode;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.databind.node.ObjectNode;

/**
 * What other TideFS servers ask when a file system of theirs has its destination here: requests
 * signed for the service {@value #NAME}, whose callers need the permissions that replication needs
 * in EFS.
 */
public final class ReplicationService extends Extension {
  /** The service that requests are signed for. */
  public static final String NAME = "tidefs-replication";

  /** Where requests go; the operation and the source's id follow. */
  public static final String PATH = "/tidefs/replication/";

  /** The error of a write to a destination that is still being made. */
  public static final String NOT_YET = "IncorrectFileSystemLifeCycleState";

  private static final String BYTES = "application/octet-stream";

  private final Destinations destinations;

  /** The file systems here that follow others. */
  public interface Destinations {
    /** Carries out messages of a source's round; 404 if nothing here follows it. */
    byte[] write(String sourceId, byte[] messages) throws ServiceError;
  }

  /** The service over {@code destinations}. */
  public ReplicationService(Control control, Authorizer authorizer, Destinations destinations) {
    super(NAME, PATH, control, authorizer);
    this.destinations = destinations;
  }

  @Override
  Reply answer(Exchange exchange, Caller caller, String[] parts) throws ServiceError, ApiRefusal {
    if (parts.length != 2 || !exchange.method().equals("POST")) {
      throw unknown();
    }
    String source = parts[1];
    return switch (parts[0]) {
      case "accept" -> {
        allowAny(caller, exchange, "CreateReplicationConfiguration", "*");
        ObjectNode out = Json.object();
        var made = control().replications().accept(request(source, exchange));
        out.put("FileSystemId", made.destination().fileSystemId());
        yield Json.reply(200, out);
      }
      case "release" -> {
        allowAny(caller, exchange, "DeleteReplicationConfiguration", destination(source));
        control().replications().delete(source, false);
        yield Reply.empty(204);
      }
      case "write" -> {
        allowAny(caller, exchange, "ReplicationWrite", destination(source));
        yield Reply.of(200, BYTES, destinations.write(source, exchange.body()));
      }
      default -> throw unknown();
    };
  }

  private String destination(String source) throws ServiceError {
    return control()
        .replications()
        .ofSource(source)
        .map(it -> it.destination().fileSystemId())
        .orElseThrow(() ->
            new ServiceError(404, "ReplicationNotFound", "Nothing here follows '" + source + "'."));
  }

  private static ReplicationPeers.Request request(String source, Exchange exchange)
      throws ServiceError, ApiRefusal {
    Members in = new Members(Json.parse(exchange.body()), "", new Violations());
    OptionalDouble mibps = in.decimal("ProvisionedThroughputInMibps", 0);
    return new ReplicationPeers.Request(
        source,
        in.requiredText("SourceRegion", Constraint.REGION),
        in.flag("SourceEncrypted").orElse(false),
        in.choice("PerformanceMode", Shapes.PERFORMANCE_MODES)
            .orElse(PerformanceMode.GENERAL_PURPOSE),
        Throughput.initial(
            in.choice("ThroughputMode", Shapes.THROUGHPUT_MODES).orElse(ThroughputMode.BURSTING),
            mibps),
        new NewDestination(
            Optional.empty(),
            in.text("AvailabilityZoneName", Constraint.ZONE_NAME),
            in.text("KmsKeyId", Constraint.KMS_KEY_ID),
            in.text("FileSystemId", Constraint.FILE_SYSTEM_ID),
            in.text("RoleArn", Constraint.ROLE_ARN)));
  }
}
