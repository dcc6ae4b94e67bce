package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  /** A server, and two machines that have mounted it: anna by a cable that can be cut. */
  private record Scene(Server server, Cable cable, Shell anna, Shell bert)
      implements AutoCloseable {
    static Scene open(String name, String version) {
      Path logs = Checkout.logs("recovery-" + name + "-" + version);
      Server server = Server.start(logs);
      Server.Export export = server.export();
      Cable cable = Cable.to(export);
      Shell anna = Shell.open("anna", logs, LIMIT, cable.export(), version);
      Shell bert = Shell.open("bert", logs, LIMIT, export, version);
      bert.run("true");
      anna.run("true");
      return new Scene(server, cable, anna, bert);
    }

    /** Both unmount, and what is stored is clean. */
    void end() {
      anna.leave();
      bert.leave();
      server.stopAndCheck();
    }

    @Override
    public void close() {
      try (server;
          cable;
          anna) {
        bert.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void eightWritersKeepTheirLocksWhenTheServerDies(String version) {
    try (Scene scene = Scene.open("writers", version)) {
      Shell anna = scene.anna();
      Shell bert = scene.bert();
      anna.run("coproc WRITERS { $WORKLOADS/writers shared %d; }".formatted(WRITERS));
      assertThat(anna.run("read -ru ${WRITERS[0]} line; echo $line")).isEqualTo("locked");
      bert.run("coproc INTRUDER { $WORKLOADS/intrude shared %d; }".formatted(WRITERS));
      awaitWriting(bert);
      for (int kill = 0; kill < KILLS; kill++) {
        scene.server().kill();
        scene.server().restart();
        awaitWriting(bert);
        bert.run("echo new >new" + kill); // Granted when the grace period is over.
        awaitWriting(bert);
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
      scene.end();
    }
  }

  /** Returns when each writer's own file has grown, as another machine sees it. */
  private static void awaitWriting(Shell shell) {
    shell.start(
        "for i in {0..%d}; do was=$(wc -c <shared.$i); ".formatted(WRITERS - 1)
            + "until (($(wc -c <shared.$i) > was)); do sleep 0.2; done; done");
    assertThat(shell.result(SOON).status()).as("writers write").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void aMachineThatWasCutOffForLongerThanItsLeaseGoesOn(String version) {
    try (Scene scene = Scene.open("cut", version)) {
      Shell anna = scene.anna();
      Shell bert = scene.bert();
      anna.run("exec 7>kept; flock 7; exec 8>taken; flock 8; echo before >data; sync");
      scene.cable().cut();
      anna.start("echo during >>data; sync; cat data");
      // The lock is free when the lease is over.
      assertThat(bert.run("flock -w 120 taken echo mine")).isEqualTo("mine");
      scene.cable().mend();
      Shell.Result late = anna.result(SOON);
      assertThat(late.output()).isEqualTo("before\nduring");
      assertThat(bert.run("cat data")).isEqualTo("before\nduring");
      anna.run("echo after >fresh; flock fresh true");
      assertThat(bert.run("cat fresh")).isEqualTo("after");
      anna.run("exec 7>&- 8>&- || true");
      assertThat(bert.run("flock -w 60 kept echo free")).isEqualTo("free");
      scene.end();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void whatNobodyElseWantedIsStillHeldAfterACut(String version) throws Exception {
    try (Scene scene = Scene.open("courtesy", version)) {
      Shell anna = scene.anna();
      anna.run("exec 7>kept; flock 7; echo before >&7; sync");
      scene.cable().cut();
      TimeUnit.SECONDS.sleep(CUT_SECONDS); // Nothing shows that a lease is over which nobody minds.
      scene.cable().mend();
      anna.start("echo after >&7 && sync && cat kept");
      assertThat(anna.result(SOON).output()).isEqualTo("before\nafter");
      assertThat(scene.bert().run("flock -n kept echo free || echo locked")).isEqualTo("locked");
      scene.end();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1"})
  void twoMachinesContendForOneLockAThousandTimes(String version) {
    try (Scene scene = Scene.open("contend", version)) {
      long began = System.nanoTime();
      scene.anna().start("$WORKLOADS/contend lock anna " + TURNS);
      scene.bert().start("$WORKLOADS/contend lock bert " + TURNS);
      List<int[]> shares =
          List.of(share(scene.anna().result(LIMIT)), share(scene.bert().result(LIMIT)));
      int seconds = (int) Duration.ofNanos(System.nanoTime() - began).toSeconds();
      System.err.printf(
          "%s: %d and %d turns in %d s; the longest waits took %d and %d ms%n",
          version, shares.get(0)[0], shares.get(1)[0], seconds, shares.get(0)[1], shares.get(1)[1]);
      assertThat(shares.get(0)[0] + shares.get(1)[0]).isEqualTo(TURNS);
      for (int[] share : shares) {
        assertThat(share[0]).as("turns of one").isGreaterThan(TURNS / 5);
        assertThat(share[1]).as("longest wait, in ms").isLessThan(30_000);
      }
      scene.end();
    }
  }

  private static int[] share(Shell.Result result) {
    assertThat(result.status()).as(result.output()).isZero();
    String[] words = result.output().split(" ");
    return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
  }
}
