package tidefs.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Has a running server check a file system; the options that say which server. */
public final class OnlineCheck {
  private static final String SERVICE = "tidefs-check";
  private static final String PATH = "/tidefs/check/";

  @Mixin private final Endpoint endpoint = new Endpoint();

  /** Checks a file system, prints what was found, and returns the exit status. */
  public int run(String fileSystem, PrintWriter out) {
    String _ = endpoint.call(SERVICE, "POST", PATH + fileSystem, "");
    JsonNode standing;
    do { // Each answer takes its time.
      standing = JsonMapper.shared().readTree(endpoint.call(SERVICE, "GET", PATH + fileSystem, ""));
    } while (standing.path("State").asString("").equals("RUNNING"));
    long count = standing.path("ProblemCount").asLong();
    for (JsonNode problem : standing.path("Problems")) {
      out.println(fileSystem + ": " + problem.asString());
    }
    if (count > standing.path("Problems").size()) {
      out.println(fileSystem + ": more problems, which are not printed: " + count + " in all");
    }
    if (standing.path("State").asString("").equals("FAILED")) {
      out.println(fileSystem + ": NOT CHECKED: " + standing.path("Reason").asString(""));
      return ExitCode.FAILED;
    }
    int unjudged = standing.path("Unjudged").asInt(0);
    if (unjudged > 0) {
      out.println(
          "%s: %d files changed all the time: their chunks were not compared"
              .formatted(fileSystem, unjudged));
    }
    if (count > 0) {
      out.println("DAMAGED");
      return ExitCode.FAILED;
    }
    out.println(
        "%s: clean, %d inodes, %d bytes"
            .formatted(
                fileSystem, standing.path("Inodes").asLong(), standing.path("Bytes").asLong()));
    return ExitCode.OK;
  }
}
