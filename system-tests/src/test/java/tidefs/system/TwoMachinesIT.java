package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two kernels share one file system. */
final class TwoMachinesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration WHILE = Duration.ofSeconds(3);

  private static void together(String test, String version, Scene scene) {
    Path logs = Checkout.logs("two-machines-" + test + "-" + version);
    try (Server server = Server.start(logs)) {
      Server.Export export = server.export();
      try (Shell anna = Shell.open("anna", logs, LIMIT, export, version);
          Shell bert = Shell.open("bert", logs, LIMIT, export, version)) {
        scene.play(server, anna, bert);
      }
      server.stopAndCheck();
    }
  }

  /** What two machines do; each leaves in good order unless the scene ends it otherwise. */
  @FunctionalInterface
  private interface Scene {
    void play(Server server, Shell anna, Shell bert);
  }

  private static Scene leaving(BiConsumer<Shell, Shell> scene) {
    return (_, anna, bert) -> {
      scene.accept(anna, bert);
      anna.leave();
      bert.leave();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void eachSeesWhatTheOtherClosed(String version) {
    together(
        "files",
        version,
        leaving((anna, bert) -> {
          anna.run("echo first >shared");
          assertThat(bert.run("cat shared")).isEqualTo("first");
          bert.run("echo second >>shared");
          assertThat(anna.run("cat shared")).isEqualTo("first\nsecond");
          anna.run("mkdir dir; for i in {1..50}; do echo $i >dir/$i; done");
          assertThat(bert.run("cat dir/* | sort -n | md5sum; ls dir | wc -l"))
              .isEqualTo(anna.run("seq 50 | md5sum; echo 50"));
          bert.run("mv shared dir/moved; rm dir/7; chmod 600 dir/8");
          // Names and attributes may be cached for as long as the client's timeouts say.
          anna.run("sleep 3; for i in 1 2; do ls -la . dir >/dev/null; sleep 1; done");
          assertThat(anna.run("cat dir/moved; stat -c %a dir/8; ls dir | wc -l"))
              .isEqualTo("first\nsecond\n600\n50");
          assertThat(anna.run("dd if=/bin/bash of=big bs=64K conv=fsync status=none; echo ok"))
              .isEqualTo("ok");
          assertThat(bert.run("cmp /bin/bash big && echo same")).isEqualTo("same");
        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void flockExcludesTheOtherMachine(String version) {
    together(
        "flock",
        version,
        leaving((anna, bert) -> {
          anna.run("exec 7>lock; flock 7");
          assertThat(bert.run("flock -n lock echo free || echo locked")).isEqualTo("locked");
          assertThat(bert.run("flock -n -s lock echo free || echo locked")).isEqualTo("locked");
          bert.start("flock lock echo mine");
          assertThat(bert.waits(WHILE)).as("a waiting lock waits").isTrue();
          anna.run("echo late >note; flock -u 7");
          assertThat(bert.result(SOON).output()).isEqualTo("mine");
          assertThat(bert.run("cat note")).isEqualTo("late");
          bert.run("exec 8<>lock; flock -s 8");
          assertThat(anna.run("flock -n -s lock echo free || echo locked")).isEqualTo("free");
          assertThat(anna.run("flock -n lock echo free || echo locked")).isEqualTo("locked");
          bert.run("exec 8>&-");
          assertThat(anna.run("flock -n lock echo free || echo locked")).isEqualTo("free");
        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void fcntlLocksExcludeTheOtherMachineByteByByte(String version) {
    together(
        "fcntl",
        version,
        leaving((anna, bert) -> {
          anna.run("echo 0123456789 >lock; coproc HOLD { $WORKLOADS/hold lock 100 50; }");
          assertThat(anna.run("read -ru ${HOLD[0]} line; echo $line")).isEqualTo("held");
          assertThat(bert.run("$WORKLOADS/hold lock 0 100 try")).isEqualTo("free");
          assertThat(bert.run("$WORKLOADS/hold lock 150 0 try")).isEqualTo("free");
          assertThat(bert.run("$WORKLOADS/hold lock 149 1 try")).isEqualTo("locked");
          assertThat(bert.run("$WORKLOADS/hold lock 90 20 try-shared")).isEqualTo("locked");
          bert.start("$WORKLOADS/hold lock 120 1 </dev/null");
          assertThat(bert.waits(WHILE)).as("a waiting lock waits").isTrue();
          anna.run("exec {HOLD[1]}>&-; wait");
          assertThat(bert.result(SOON).output()).isEqualTo("held");
          assertThat(anna.run("$WORKLOADS/hold lock 0 0 try")).isEqualTo("free");
        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "4.0"})
  void locksOutliveTheServerAndNotTheirClient(String version) {
    together(
        "recovery",
        version,
        (server, anna, bert) -> {
          anna.run("exec 7>lock; flock 7; echo kept >&7");
          assertThat(bert.run("flock -n lock echo free || echo locked")).isEqualTo("locked");
          server.kill();
          server.restart();
          assertThat(bert.run("flock -n lock echo free || echo locked")).isEqualTo("locked");
          assertThat(anna.run("echo more >&7; cat lock")).isEqualTo("kept\nmore");
          assertThat(bert.run("flock -n lock echo free || echo locked")).isEqualTo("locked");
          bert.start("flock lock echo mine");
          assertThat(bert.waits(WHILE)).as("a waiting lock waits").isTrue();
          anna.close();
          assertThat(bert.result(SOON).output()).as("when the lease is over").isEqualTo("mine");
          bert.leave();
        });
  }
}
