package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of locks when the server dies, when the network does, and when two want one. */
final class RecoveryIT {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int WRITERS = 8;
  private static final int KILLS = 3;
  private static final int CUT_SECONDS = 25; // The lease is 10.
  private static final int TURNS = 1_000;

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void eightWritersKeepTheirLocksWhenTheServerDies(String version) throws Exception {
    Path logs = Checkout.logs("recovery-writers-" + version);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Shell anna = Shell.open("anna", logs, LIMIT, export, version);
          Shell bert = Shell.open("bert", logs, LIMIT, export, version)) {
        bert.run("true");
        anna.run("coproc WRITERS { $WORKLOADS/writers shared %d; }".formatted(WRITERS));
        assertThat(anna.run("read -ru ${WRITERS[0]} line; echo $line")).isEqualTo("locked");
        bert.run("coproc INTRUDER { $WORKLOADS/intrude shared %d; }".formatted(WRITERS));
        for (int kill = 0; kill < KILLS; kill++) {
          Thread.sleep(Duration.ofSeconds(4));
          server.kill();
          server.restart();
          Thread.sleep(Duration.ofSeconds(16));
        }
        bert.start("exec {INTRUDER[1]}>&-; read -ru ${INTRUDER[0]} line; echo $line");
        Shell.Result intruder = bert.result(SOON);
        assertThat(intruder.output()).matches("[0-9]+");
        assertThat(Integer.parseInt(intruder.output())).as("tries").isGreaterThan(WRITERS);
        anna.start("exec {WRITERS[1]}>&-; read -ru ${WRITERS[0]} line; echo $line");
        Shell.Result writers = anna.result(SOON);
        assertThat(writers.output()).endsWith("done");
        System.err.printf(
            "%s: %d writers, %d kills, %s tries of another machine to get a lock%n",
            version, WRITERS, KILLS, intruder.output());
        anna.leave();
        bert.leave();
      }
      server.stopAndCheck();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void aMachineThatWasCutOffForLongerThanItsLeaseGoesOn(String version) throws Exception {
    Path logs = Checkout.logs("recovery-cut-" + version);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Cable cable = Cable.to(export);
          Shell anna = Shell.open("anna", logs, LIMIT, cable.export(), version);
          Shell bert = Shell.open("bert", logs, LIMIT, export, version)) {
        bert.run("true");
        anna.run("exec 7>kept; flock 7; exec 8>taken; flock 8; echo before >data; sync");
        cable.cut();
        anna.start("echo during >>data; sync; cat data");
        Thread.sleep(Duration.ofSeconds(CUT_SECONDS));
        assertThat(bert.run("flock -w 60 taken echo mine")).isEqualTo("mine");
        cable.mend();
        Shell.Result late = anna.result(SOON);
        assertThat(late.output()).isEqualTo("before\nduring");
        assertThat(bert.run("cat data")).isEqualTo("before\nduring");
        anna.run("echo after >fresh; flock fresh true");
        assertThat(bert.run("cat fresh")).isEqualTo("after");
        anna.run("exec 7>&- 8>&- || true");
        assertThat(bert.run("flock -w 60 kept echo free")).isEqualTo("free");
        anna.leave();
        bert.leave();
      }
      server.stopAndCheck();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void whatNobodyElseWantedIsStillHeldAfterACut(String version) throws Exception {
    Path logs = Checkout.logs("recovery-courtesy-" + version);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Cable cable = Cable.to(export);
          Shell anna = Shell.open("anna", logs, LIMIT, cable.export(), version);
          Shell bert = Shell.open("bert", logs, LIMIT, export, version)) {
        bert.run("true");
        anna.run("exec 7>kept; flock 7; echo before >&7; sync");
        cable.cut();
        Thread.sleep(Duration.ofSeconds(CUT_SECONDS));
        cable.mend();
        anna.start("echo after >&7 && sync && cat kept");
        assertThat(anna.result(SOON).output()).isEqualTo("before\nafter");
        assertThat(bert.run("flock -n kept echo free || echo locked")).isEqualTo("locked");
        anna.leave();
        bert.leave();
      }
      server.stopAndCheck();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1"})
  void twoMachinesContendForOneLockAThousandTimes(String version) {
    Path logs = Checkout.logs("recovery-contend-" + version);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Shell anna = Shell.open("anna", logs, LIMIT, export, version);
          Shell bert = Shell.open("bert", logs, LIMIT, export, version)) {
        anna.run("true");
        bert.run("true");
        long began = System.nanoTime();
        anna.start("$WORKLOADS/contend lock anna " + TURNS);
        bert.start("$WORKLOADS/contend lock bert " + TURNS);
        List<int[]> shares = List.of(share(anna.result(LIMIT)), share(bert.result(LIMIT)));
        int seconds = (int) Duration.ofNanos(System.nanoTime() - began).toSeconds();
        System.err.printf(
            "%s: %d and %d turns in %d s; the longest waits took %d and %d ms%n",
            version,
            shares.get(0)[0],
            shares.get(1)[0],
            seconds,
            shares.get(0)[1],
            shares.get(1)[1]);
        assertThat(shares.get(0)[0] + shares.get(1)[0]).isEqualTo(TURNS);
        for (int[] share : shares) {
          assertThat(share[0]).as("turns of one").isGreaterThan(TURNS / 5);
          assertThat(share[1]).as("longest wait, in ms").isLessThan(30_000);
        }
        anna.leave();
        bert.leave();
      }
      server.stopAndCheck();
    }
  }

  private static int[] share(Shell.Result result) {
    assertThat(result.status()).as(result.output()).isZero();
    String[] words = result.output().split(" ");
    return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
  }
}
