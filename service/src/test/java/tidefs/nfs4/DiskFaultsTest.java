package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.testkit.FaultIo.Fault;
import tidefs.testkit.FaultIo.Kind;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;

/** What clients are told when the disk below the server fails, fills up, is slow; and later. */
final class DiskFaultsTest {
  private static final int MANY = 20_000;
  private static final byte[] LARGE = new byte[64 << 10];
  private static final long PAUSE_NANOS = 1_000_000;

  static {
    Arrays.fill(LARGE, (byte) 7);
  }

  @TempDir private Path directory;
  private ServedDisk served;

  @BeforeEach
  void serve() throws IOException {
    served = new ServedDisk(directory);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private interface Call {
    void run() throws IOException;
  }

  private static Status status(Call call) throws IOException {
    try {
      call.run();
      return Status.OK;
    } catch (NfsFailure e) {
      return e.status();
    }
  }

  private static OpenFile written(NfsClient client, String name) throws IOException {
    OpenFile file = client.create(client.root(), name, 0644);
    client.write(file, 0, Stability.FILE_SYNC, LARGE);
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aFullDiskRefusesChangesLetsRemoveAndTakesThemAgainWhenThereIsSpace(int minor)
      throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = written(client, "file");
      served.io.fail("", Fault.FULL, Kind.GROW);
      int made = 0;
      Status refused;
      while (true) {
        String name = "n" + made;
        refused = status(() -> client.mkdir(client.root(), name, 0755));
        if (refused != Status.OK) {
          break;
        }
        made++;
        assertThat(made).isLessThan(MANY);
      }
      assertThat(refused).isEqualTo(Status.NOSPC);
      assertThat(status(() -> client.write(file, 0, Stability.UNSTABLE, LARGE)))
          .isEqualTo(Status.NOSPC);
      assertThat(status(() -> client.create(client.root(), "another", 0644)))
          .isEqualTo(Status.NOSPC);
      assertThat(client.readAll(file.handle())).isEqualTo(LARGE);
      for (int i = 0; i < Math.min(made, 100); i++) {
        client.remove(client.root(), "n" + i);
      }
      client.setattr(file.handle(), NewAttributes.none().size(0));
      try (NfsClient late = served.client(minor, "late")) { // Needs a record of its own.
        assertThat(late.readAll(file.handle())).isEmpty();
      }
      served.io.heal();
      awaitSpace(client);
      client.write(file, 0, Stability.FILE_SYNC, LARGE);
      assertThat(client.readAll(file.handle())).isEqualTo(LARGE);
    }
    assertThat(served.problems()).isEmpty();
  }

  private static void awaitSpace(NfsClient client) throws IOException {
    for (int i = 0; status(() -> client.mkdir(client.root(), "space", 0755)) != Status.OK; i++) {
      assertThat(i).isLessThan(MANY);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void withoutSpaceForContentsOnlyThoseAreRefused(int minor) throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = written(client, "file");
      served.io.fail("chunks", Fault.FULL, Kind.GROW);
      byte[] half = Arrays.copyOf(LARGE, LARGE.length);
      int at = LARGE.length / 2; // The first half is there already, and is written.
      assertThat(status(() -> client.write(file, at, Stability.FILE_SYNC, half)))
          .isEqualTo(Status.NOSPC);
      assertThat(client.readAll(file.handle())).hasSize(LARGE.length);
      client.mkdir(client.root(), "directory", 0755);
      served.io.heal();
      client.write(file, at, Stability.FILE_SYNC, half);
      assertThat(client.readAll(file.handle())).hasSize(at + half.length).containsOnly(7);
    }
    assertThat(served.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aJournalThatCannotBeSyncedAcknowledgesNothingMore(int minor) throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = written(client, "file");
      served.io.fail("journal", Fault.ERROR, Kind.SYNC);
      tidefs.testkit.Compound never =
          client.wire().compound().putRootFh().mkdir("never", NewAttributes.none().mode(0755));
      assertThat(client.wire().call(never).status()).isEqualTo(Status.IO);
      served.io.heal();
      client.wire().reconnect();
      assertThat(client.wire().call(never).status()).isEqualTo(Status.IO); // Not what was kept.
      for (int i = 0; i < 2; i++) {
        assertThat(status(() -> client.mkdir(client.root(), "later", 0755))).isEqualTo(Status.IO);
        assertThat(status(() -> client.write(file, 0, Stability.UNSTABLE, LARGE)))
            .isEqualTo(Status.IO);
        assertThat(status(() -> client.write(file, 0, Stability.FILE_SYNC, LARGE)))
            .isEqualTo(Status.IO);
      }
      assertThat(client.readAll(file.handle())).isEqualTo(LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSyncOfContentsThatFailedIsNeverTriedAgain(int minor) throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = written(client, "file");
      client.write(file, 0, Stability.UNSTABLE, LARGE);
      client.write(file, LARGE.length, Stability.UNSTABLE, LARGE);
      served.io.fail("chunks", Fault.ERROR, Kind.SYNC);
      assertThat(status(() -> client.commit(file.handle()))).isEqualTo(Status.IO);
      served.io.heal();
      assertThat(status(() -> client.commit(file.handle()))).isEqualTo(Status.IO);
      assertThat(status(() -> client.write(file, 0, Stability.FILE_SYNC, LARGE)))
          .isEqualTo(Status.IO);
      assertThat(client.readAll(file.handle())).hasSize(2 * LARGE.length).containsOnly(7);
      client.mkdir(client.root(), "directory", 0755);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatCannotBeReadIsAnErrorUntilItCan(int minor) throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = written(client, "file");
      served.io.fail("chunks", Fault.ERROR, Kind.READ);
      assertThat(status(() -> client.readAll(file.handle()))).isEqualTo(Status.IO);
      assertThat(client.stat(file.handle())).isNotNull();
      served.io.heal();
      assertThat(client.readAll(file.handle())).isEqualTo(LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void withoutDescriptorsClientsAreAskedToComeBack(int minor) throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = client.create(client.root(), "file", 0644);
      served.io.fail("chunks", Fault.BUSY, Kind.OPEN);
      assertThat(status(() -> client.write(file, 0, Stability.FILE_SYNC, LARGE)))
          .isEqualTo(Status.DELAY);
      served.io.heal();
      client.write(file, 0, Stability.FILE_SYNC, LARGE);
      assertThat(client.readAll(file.handle())).isEqualTo(LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSlowDiskDelaysThoseWhoWaitForItAndNobodyElse(int minor) throws IOException {
    try (NfsClient slow = served.client(minor, "slow");
        NfsClient quick = served.client(minor, "quick")) {
      OpenFile file = written(slow, "file");
      served.io.fail("journal", Fault.WAITS, Kind.SYNC);
      int asked =
          slow.wire()
              .send(
                  slow.wire()
                      .compound()
                      .putRootFh()
                      .mkdir("slow", NewAttributes.none().mode(0755)));
      for (int i = 0; i < 100; i++) {
        assertThat(quick.readAll(file.handle())).isEqualTo(LARGE);
      }
      served.io.heal();
      assertThat(slow.wire().receive(asked).status()).isEqualTo(Status.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aClockThatJumpsExpiresNobodyAndChangesNoOrder(int minor) throws IOException {
    try (NfsClient client = served.client(minor, "client")) {
      OpenFile file = written(client, "file");
      long change = client.getattr(file.handle(), 3).change();
      for (Duration jump : new Duration[] {Duration.ofDays(-4_000), Duration.ofDays(9_000)}) {
        served.clock.jump(jump);
        client.write(file, 0, Stability.FILE_SYNC, LARGE); // The open is still good.
        long now = client.getattr(file.handle(), 3).change();
        assertThat(now).isGreaterThan(change);
        change = now;
      }
      client.close(file);
    }
    assertThat(served.problems()).isEmpty();
  }
}
