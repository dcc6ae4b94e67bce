package tidefs.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one test with a real kernel that runs with every check. */
final class QuickKernelIT {
  @Test
  void linuxClientMountsAndWorksOnBothVersions() {
    Path logs = Checkout.logs("quick");
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Machine machine =
          Machine.client(
              "client",
              logs,
              Duration.ofMinutes(2),
              export,
              "4.1,4.0",
              List.of("quick", export.size()))) {
        machine.passes();
      }
      server.stopAndCheck();
    }
  }
}
