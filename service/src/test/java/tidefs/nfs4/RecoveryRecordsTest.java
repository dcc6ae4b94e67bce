package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.LockType;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.state.NfsConfig;
import tidefs.store.StoreResources;
import tidefs.testkit.Credentials;
import tidefs.testkit.LeakGuard;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.OpenFile;

/** Clients are remembered over any number of restarts. */
@ExtendWith(LeakGuard.class)
final class RecoveryRecordsTest {
  private static final int RESTARTS = 5;

  @TempDir private Path directory;

  @Test
  void whoReclaimedIsRememberedForTheNextTime() throws Exception {
    try (StoreResources resources = new StoreResources(32L << 20);
        ServedFileSystem served =
            new ServedFileSystem(directory, resources, NfsConfig.DEFAULTS, false);
        NfsClient client =
            NfsClient.connectWithBackChannel(served.address(), 1, Credentials.ROOT, "client")) {
      OpenFile file = client.create(client.root(), "file", 0644);
      client.lock(file, "owner", LockType.WRITE, 0, 10);
      NfsWire wire = client.wire();
      for (int restart = 0; restart < RESTARTS; restart++) {
        served.killAndServeAgain();
        assertThat(served.volume().recovery().isGrace()).as("restart %d", restart).isTrue();
        wire.moveTo(served.address());
        wire.establish(true);
        file = client.reclaim(file, Share.ACCESS_BOTH);
        client.reclaimLock(file, "owner", LockType.WRITE, 0, 10);
        wire.reclaimComplete();
        assertThat(served.volume().recovery().isGrace()).isFalse();
        for (int sweep = 0; sweep < 20; sweep++) {
          served.clock.advance(Duration.ofSeconds(10));
          served.volume().sweep();
          client.root();
        }
      }
    }
  }
}
