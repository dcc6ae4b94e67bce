package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What delegations save a kernel that opens the same files again, and what they cost another. */
final class DelegationsIT {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int FILES = 200;
  private static final int ROUNDS = 5;

  @Test
  void openingTheSameFilesAgainSendsNextToNothing() {
    String with = reopened(true);
    String without = reopened(false);
    System.err.printf(
        "milliseconds and operations for an open, read and close%n  with delegations:    %s%n"
            + "  without delegations: %s%n",
        with, without);
    String few = " OPEN=0\\.0\\d OPEN_NOATTR=0\\.0\\d CLOSE=0\\.0\\d READ=0\\.0\\d";
    assertThat(with).containsPattern(few);
    assertThat(without).doesNotContainPattern(few);
  }

  private static String reopened(boolean extensions) {
    Path logs = Checkout.logs("delegations-" + (extensions ? "with" : "without"));
    try (TideFsServer server = server(logs, extensions)) {
      Server.Export export = server.export();
      String result;
      try (Shell anna = Shell.open("anna", logs, LIMIT, export, "4.1")) {
        anna.start("$WORKLOADS/reopen files %d %d".formatted(FILES, ROUNDS));
        Shell.Result reopened = anna.result(SOON);
        assertThat(reopened.status()).as(reopened.output()).isZero();
        result = reopened.output();
        if (extensions) {
          changeIsSeen(anna, logs, export);
        }
        anna.leave();
      }
      server.stopAndCheck();
      return result;
    }
  }

  /** Another machine changes, replaces and removes delegated files: the holder sees it at once. */
  private static void changeIsSeen(Shell anna, Path logs, Server.Export export) {
    try (Shell bert = Shell.open("bert", logs, LIMIT, export, "4.1")) {
      bert.run("true");
      bert.run("TIMEFORMAT='%R'; time echo more >>files/0");
      System.err.printf(
          "seconds to append to a file that is delegated to another: %s, to one that is not: %s%n",
          bert.run("{ time echo more >>files/1; } 2>&1"),
          bert.run("{ time echo more >>files/1; } 2>&1"));
      assertThat(anna.run("tail -c 5 files/0; stat -c %s files/1")).isEqualTo("more\n4106");
      bert.run("truncate -s 10 files/2; chmod 600 files/3; ln files/4 files/linked");
      assertThat(anna.run("stat -c %s files/2; stat -c %a files/3; stat -c %h files/4"))
          .isEqualTo("10\n600\n2");
      bert.run("echo replaced >new; mv new files/5; rm files/6");
      assertThat(anna.run("cat files/5; cat files/6 2>/dev/null || echo gone"))
          .isEqualTo("replaced\ngone");
      bert.leave();
    }
  }

  private static TideFsServer server(Path logs, boolean extensions) {
    return TideFsServer.create(
        logs, List.of(), "lease-seconds: 10", "grace-seconds: 15", "extensions: " + extensions);
  }
}
