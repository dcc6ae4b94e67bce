package tidefs.api.efs;

import java.util.List;
import java.util.Optional;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.Service;
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
public final class CheckService implements Service {
  /** The service that requests are signed for. */
  public static final String NAME = "tidefs-check";

  /** Where requests go; the file system's id follows. */
  public static final String PATH = "/tidefs/check/";

  private final Extension extension;
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
    extension = new Extension(control, authorizer);
    this.engine = engine;
  }

  @Override
  public String signingName() {
    return NAME;
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return exchange.rawPath().startsWith(PATH);
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    String id = exchange.rawPath().substring(PATH.length());
    try {
      return switch (exchange.method()) {
        case "POST" -> {
          extension.allow(caller, exchange, "UpdateFileSystem", id);
          engine.begin(id);
          yield Json.reply(202, Json.object());
        }
        case "GET" -> {
          extension.allow(caller, exchange, "DescribeFileSystems", id);
          yield Json.reply(200, body(id, engine.await(id)));
        }
        default -> throw Extension.unknown();
      };
    } catch (ApiRefusal e) {
      throw EfsErrors.of(e);
    }
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

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    return Extension.render(error);
  }
}
