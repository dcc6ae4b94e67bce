package tidefs.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real programs work on a mounted file system; every workload checks its own results. */
final class WorkloadsIT {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  static Stream<Case> cases() {
    return Case.each("posix", "csv", "dd", "sqlite", "git", "tar", "extensions", "copies");
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("cases")
  void workloadFindsItsResults(Case each) {
    Path logs = Checkout.logs(each.workload() + "-" + each.version());
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Machine machine =
          Machine.client("client", logs, LIMIT, export, each.version(), each.command(export))) {
        machine.passes();
      }
      server.stopAndCheck();
    }
  }
}
