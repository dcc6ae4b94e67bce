package tidefs.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tidefs lifecycle status}: how far files have moved, and what would move now. */
@Command(
    name = "status",
    description = {
      "Prints what lies in each storage class, what came to it since the file system was opened,"
          + " and whether moves have failed. With --dry-run also which moves are due now and by how"
          + " much Standard would shrink; nothing is moved for that.",
    },
    footer = {"", "Example:  tidefs lifecycle status fs-0123456789abcdef0 --dry-run"})
final class LifecycleStatusCommand implements Callable<Integer> {
  static final String SERVICE = "tidefs-lifecycle";
  static final String PATH = "/tidefs/lifecycle/";

  @Mixin private final Endpoint endpoint = new Endpoint();

  @Parameters(paramLabel = "FILE-SYSTEM", description = "Its id.")
  private String fileSystem = "";

  @Option(names = "--dry-run", description = "Tells which moves are due as well.")
  private boolean dryRun;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    JsonNode status = get(PATH + fileSystem);
    out.printf("%-18s %14s %14s %14s%n", "class", "bytes", "files moved", "bytes moved");
    for (JsonNode each : status.path("StorageClasses")) {
      out.printf(
          "%-18s %14d %14d %14d%n",
          name(each),
          each.path("Bytes").asLong(),
          each.path("MovedFiles").asLong(),
          each.path("MovedBytes").asLong());
    }
    for (JsonNode each : status.path("Places")) {
      String state = each.path("State").asString("").toLowerCase(Locale.ROOT).replace('_', ' ');
      out.printf("place %s: %s%n", each.path("Place").asString(""), state);
    }
    String fault = status.path("LastFault").asString("");
    out.printf(
        "%d moves failed%s%n",
        status.path("Failures").asLong(), fault.isEmpty() ? "" : "; the last: " + fault);
    if (!status.path("AccessesKnown").asBoolean(true)) {
      out.println("files from before there was a configuration are still looked at");
    }
    if (status.path("Moving").asBoolean(false)) {
      out.println("all files are being moved, as 'tidefs lifecycle move' asked");
    }
    if (dryRun) {
      plan(out, get(PATH + fileSystem + "/plan"));
    }
    return ExitCode.OK;
  }

  private static void plan(PrintWriter out, JsonNode plan) {
    long all = 0;
    for (JsonNode each : plan.path("Moves")) {
      long files = each.path("Files").asLong();
      all += files;
      if (files > 0) {
        out.printf(
            "would move %d files, %d bytes, to %s%n",
            files, each.path("Bytes").asLong(), name(each));
      }
    }
    long freed = plan.path("FreedBytes").asLong();
    if (all == 0) {
      out.println("would move nothing now");
    } else if (freed >= 0) {
      out.printf("would save %d bytes in Standard%n", freed);
    } else {
      out.printf("would take %d bytes more in Standard%n", -freed);
    }
  }

  private static String name(JsonNode of) {
    return of.path("StorageClass").asString("").toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private JsonNode get(String path) {
    return JsonMapper.shared().readTree(endpoint.call(SERVICE, "GET", path, ""));
  }
}
