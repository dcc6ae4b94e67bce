package tidefs.api.efs;

import java.util.List;
import java.util.Optional;
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
 * Checks file systems while they are served. An extension, for requests that are signed for the
 * service {@value #NAME}: POST begins a check of a file system, GET waits some seconds for its end
 * and tells how it stands.
 */
public final class CheckService extends Extension {
  /** The service that requests are signed for. */
  public static final String NAME = "tidefs-check";

  /** Where requests go; the file system's id follows. */
  public static final String PATH = "/tidefs/check/";

  private final Engine engine;

  /** Who checks. */
  public interface Engine {
    /** Begins a check, unless one is under way. Refuses with 404 what is not open. */
    void begin(String fileSystem) throws ServiceError;

    /** How the last check stands; waits some seconds for its end. 404 if there was none. */
    Standing await(String fileSystem) throws ServiceError;
  }

  /** How a check stands. */
  public enum State {
    /** It is under way, or waits for its turn. */
    RUNNING,
    /** It has ended: there are problems, or there are none. */
    COMPLETE,
    /** It could not be carried out. */
    FAILED
  }

  /**
   * A check and what it found.
   *
   * @param reason why it failed; else empty
   * @param problems the first of them, in words
   * @param count how many there are in all
   */
  public record Standing(
      State state, String reason, List<String> problems, long count, Optional<Totals> totals) {}

  /**
   * What a complete check counted.
   *
   * @param unjudged files that changed too often for their chunks to be compared
   */
  public record Totals(long inodes, long bytes, int unjudged) {}

  /** The service over {@code engine}. */
  public CheckService(Control control, Authorizer authorizer, Engine engine) {
    super(NAME, PATH, control, authorizer);
    this.engine = engine;
  }

  @Override
  Reply answer(Exchange exchange, Caller caller, String[] parts) throws ServiceError, ApiRefusal {
    if (parts.length != 1) {
      throw unknown();
    }
    String id = parts[0];
    return switch (exchange.method()) {
      case "POST" -> {
        allow(caller, exchange, "UpdateFileSystem", id);
        engine.begin(id);
        yield Json.reply(202, Json.object());
      }
      case "GET" -> {
        allow(caller, exchange, "DescribeFileSystems", id);
        yield Json.reply(200, body(id, engine.await(id)));
      }
      default -> throw unknown();
    };
  }

  private static ObjectNode body(String id, Standing standing) {
    ObjectNode out = Json.object();
    out.put("FileSystemId", id);
    out.put("State", standing.state().name());
    out.put("Reason", standing.reason());
    ArrayNode problems = out.putArray("Problems");
    standing.problems().forEach(problems::add);
    out.put("ProblemCount", standing.count());
    standing
        .totals()
        .ifPresent(totals -> {
          out.put("Inodes", totals.inodes());
          out.put("Bytes", totals.bytes());
          out.put("Unjudged", totals.unjudged());
        });
    return out;
  }
}
