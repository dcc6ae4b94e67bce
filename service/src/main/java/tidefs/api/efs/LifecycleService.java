package tidefs.api.efs;

import java.util.List;
import java.util.Locale;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What EFS does not tell of lifecycle management: how far it is, and what it would do now; and
 * moves at once. An extension, for requests that are signed for the service {@value #NAME}.
 */
public final class LifecycleService extends Extension {
  /** The service that requests are signed for. */
  public static final String NAME = "tidefs-lifecycle";

  /**
   * Where requests go; the file system's id follows, and {@code plan} or {@code move} and a class.
   */
  public static final String PATH = "/tidefs/lifecycle/";

  private final Engine engine;

  /** Who moves files. Refuses with 404 what is not open. */
  public interface Engine {
    /** Where it stands. */
    Status status(String fileSystem) throws ServiceError;

    /** What it would do now. Takes its time. */
    Plan plan(String fileSystem) throws ServiceError;

    /**
     * Begins to move all files to a class, by its name in the API; 409 while it does so already.
     */
    void move(String fileSystem, String storageClass) throws ServiceError;
  }

  /**
   * A storage class.
   *
   * @param name such as {@code INFREQUENT_ACCESS}
   * @param bytes what is metered in it
   * @param movedFiles what came to it since the file system was opened
   */
  public record ClassStatus(String name, long bytes, long movedFiles, long movedBytes) {}

  /**
   * Where it stands.
   *
   * @param moving true while all files are moved on request
   * @param failures moves that a fault ended, since the file system was opened
   * @param fault the last of them in words; empty if the last round met none
   * @param places of Standard, if there are several
   * @param accessesKnown false while files from before there were rules are looked at
   */
  public record Status(
      List<ClassStatus> classes,
      boolean moving,
      long failures,
      String fault,
      boolean accessesKnown,
      List<PlaceStatus> places) {}

  /**
   * A place of Standard.
   *
   * @param state {@code WHOLE}, {@code CATCHING_UP} or {@code AWAY}
   */
  public record PlaceStatus(String place, String state) {}

  /** What would go to a class. */
  public record Move(String storageClass, long files, long bytes) {}

  /**
   * What would be done.
   *
   * @param freedBytes by how much Standard would shrink
   */
  public record Plan(List<Move> moves, long freedBytes) {}

  /** The service over {@code engine}. */
  public LifecycleService(Control control, Authorizer authorizer, Engine engine) {
    super(NAME, PATH, control, authorizer);
    this.engine = engine;
  }

  @Override
  Reply answer(Exchange exchange, Caller caller, String[] parts) throws ServiceError, ApiRefusal {
    String id = parts[0];
    String what = exchange.method() + (parts.length > 1 ? " " + parts[1] : "");
    return switch (what) {
      case "GET" -> {
        allow(caller, exchange, "DescribeLifecycleConfiguration", id);
        yield Json.reply(200, status(id, engine.status(id)));
      }
      case "GET plan" -> {
        allow(caller, exchange, "DescribeLifecycleConfiguration", id);
        yield Json.reply(200, plan(id, engine.plan(id)));
      }
      case "POST move" -> {
        allow(caller, exchange, "PutLifecycleConfiguration", id);
        if (parts.length != 3) {
          throw unknown();
        }
        engine.move(id, parts[2].toUpperCase(Locale.ROOT));
        yield Json.reply(202, Json.object());
      }
      default -> throw unknown();
    };
  }

  private static ObjectNode status(String id, Status status) {
    ObjectNode out = Json.object();
    out.put("FileSystemId", id);
    ArrayNode classes = out.putArray("StorageClasses");
    for (ClassStatus each : status.classes()) {
      ObjectNode one = classes.addObject();
      one.put("StorageClass", each.name());
      one.put("Bytes", each.bytes());
      one.put("MovedFiles", each.movedFiles());
      one.put("MovedBytes", each.movedBytes());
    }
    out.put("Moving", status.moving());
    out.put("Failures", status.failures());
    out.put("LastFault", status.fault());
    out.put("AccessesKnown", status.accessesKnown());
    ArrayNode places = out.putArray("Places");
    for (PlaceStatus each : status.places()) {
      places.addObject().put("Place", each.place()).put("State", each.state());
    }
    return out;
  }

  private static ObjectNode plan(String id, Plan plan) {
    ObjectNode out = Json.object();
    out.put("FileSystemId", id);
    ArrayNode moves = out.putArray("Moves");
    for (Move each : plan.moves()) {
      ObjectNode one = moves.addObject();
      one.put("StorageClass", each.storageClass());
      one.put("Files", each.files());
      one.put("Bytes", each.bytes());
    }
    out.put("FreedBytes", plan.freedBytes());
    return out;
  }
}
