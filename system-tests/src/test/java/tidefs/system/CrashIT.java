package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The server is killed while programs write, and started again. Mounts go on by themselves, and
 * nothing is lost that a program was told is stable.
 */
final class CrashIT {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration PREPARATION = Duration.ofMinutes(5);
  private static final int KILLS = 3;

  static Stream<Case> goingOn() {
    return Case.each("csv", "dd", "sqlite", "git", "tar");
  }

  static Stream<Case> bothLost() {
    return Case.each("synced");
  }

  private static RandomGenerator chance(Case each) {
    long seed = Seed.of(each.toString());
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("goingOn")
  void mountGoesOnWhenTheServerIsKilledAndStartedAgain(Case each) {
    Path logs = Checkout.logs("crash-" + each.workload() + "-" + each.version());
    RandomGenerator chance = chance(each);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Machine machine =
          Machine.client("client", logs, LIMIT, export, each.version(), each.command(export))) {
        assertThat(machine.reaches("@writing", PREPARATION)).as("the workload begins").isTrue();
        int kills = 0;
        while (kills < KILLS
            && !machine.reaches("@written", Duration.ofMillis(chance.nextInt(100, 2000)))) {
          server.kill();
          kills++;
          server.restart();
        }
        assertThat(kills).as("kills while the workload wrote").isPositive();
        machine.passes();
      }
      server.stopAndCheck();
    }
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("bothLost")
  void whatWasSyncedIsThereWhenServerAndClientAreKilledTogether(Case each) throws Exception {
    Path logs = Checkout.logs("crash-" + each.workload() + "-" + each.version());
    RandomGenerator chance = chance(each);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      Path synced = logs.resolve("synced");
      try (Machine writer =
              Machine.client("writer", logs, LIMIT, export, each.version(), each.command(export));
          var log = Files.newBufferedWriter(synced)) {
        assertThat(writer.reaches("@writing", PREPARATION)).as("the workload begins").isTrue();
        long deadline = System.nanoTime() + Duration.ofMillis(chance.nextInt(4000, 8000)).toNanos();
        for (long left; (left = deadline - System.nanoTime()) > 0; ) {
          Optional<String> line = writer.nextLine(Duration.ofNanos(left));
          if (line.isPresent()) {
            log.write(line.get());
            log.newLine();
          }
        }
        server.kill();
      }
      server.restart();
      try (Machine reader =
          Machine.client(
              "reader",
              logs,
              LIMIT,
              export,
              each.version(),
              List.of("synced", synced.toString()))) {
        reader.passes();
      }
      server.stopAndCheck();
    }
  }
}
