package tidefs.nfs4;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.LockType;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Limits;
import tidefs.testkit.HeldLock;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** Clients that wait for a lock have their turn, and none waits for ever. */
final class LockFairnessTest extends ServedTest {
  private NfsClient anna;
  private NfsClient bert;
  private NfsClient carl;
  private OpenFile annas;
  private OpenFile berts;
  private OpenFile carls;

  @BeforeEach
  void connect() throws Exception {
    anna = served.client(1, "anna");
    bert = served.client(1, "bert");
    carl = served.client(1, "carl");
    annas = anna.create(anna.root(), "file", 0666);
    berts = bert.open(bert.root(), "file", Share.ACCESS_BOTH);
    carls = carl.open(carl.root(), "file", Share.ACCESS_BOTH);
  }

  @AfterEach
  void disconnect() throws Exception {
    anna.close();
    bert.close();
    carl.close();
  }

  private void seconds(int seconds) {
    served.clock.advance(Duration.ofSeconds(seconds));
  }

  private void bertIsDenied() {
    refused(Status.DENIED, () -> bert.lock(berts, "b", LockType.WRITE_WAITING, 0, 10));
  }

  private void carlIsDenied() {
    refused(Status.DENIED, () -> carl.lock(carls, "c", LockType.WRITE, 5, 10));
  }

  @Test
  void whoHasWaitedLongEnoughComesBeforeWhoIsQuicker() throws Exception {
    HeldLock held = anna.lock(annas, "a", LockType.WRITE, 0, 10);
    bertIsDenied();
    seconds(2);
    bertIsDenied();
    seconds(4);
    bertIsDenied();
    anna.unlock(held, 0, 10);
    carlIsDenied();
    refused(Status.DENIED, () -> anna.lock(held, LockType.WRITE_WAITING, 0, 10));
    carl.lock(carls, "beside", LockType.WRITE, 10, 5);
    bert.lock(berts, "b", LockType.WRITE_WAITING, 0, 10);
    bert.close(berts);
    carl.lock(carls, "c", LockType.WRITE, 5, 5);
  }

  @Test
  void nobodyIsHeldUpForWhoHasJustCome() throws Exception {
    HeldLock held = anna.lock(annas, "a", LockType.WRITE, 0, 10);
    bertIsDenied();
    anna.unlock(held, 0, 10);
    carl.lock(carls, "c", LockType.WRITE, 5, 10);
  }

  @Test
  void whoComesLateByItsOwnMeasureLosesItsTurn() throws Exception {
    HeldLock held = anna.lock(annas, "a", LockType.WRITE, 0, 10);
    bertIsDenied();
    seconds(2);
    bertIsDenied();
    seconds(4);
    bertIsDenied();
    anna.unlock(held, 0, 10);
    seconds(9);
    carlIsDenied();
    seconds(2);
    carl.lock(carls, "c", LockType.WRITE, 5, 10);
  }

  @Test
  void whoHasALockMayChangeItBeforeWhoWaitsForIt() throws Exception {
    HeldLock held = anna.lock(annas, "a", LockType.READ, 0, 10);
    bertIsDenied();
    seconds(2);
    bertIsDenied();
    seconds(4);
    anna.lock(held, LockType.WRITE_WAITING, 0, 10);
    anna.lock(held, LockType.READ, 0, 10);
    carlIsDenied();
  }

  @Test
  void twoReadersThatBothWantToWriteAreToldOfTheDeadlock() throws Exception {
    HeldLock first = anna.lock(annas, "a", LockType.READ, 0, 10);
    HeldLock second = bert.lock(berts, "b", LockType.READ, 0, 10);
    refused(Status.DENIED, () -> anna.lock(first, LockType.WRITE_WAITING, 0, 10));
    refused(Status.DEADLOCK, () -> bert.lock(second, LockType.WRITE_WAITING, 0, 10));
    bert.unlock(second, 0, 10);
    anna.lock(first, LockType.WRITE_WAITING, 0, 10);
  }

  @Test
  void locksOfOneFileAreLimitedAlsoWhenUnlockingSplitsThem() throws Exception {
    HeldLock held = anna.lock(annas, "a", LockType.WRITE, 0, -1);
    int ranges = 1;
    while (ranges < Limits.LOCKS_PER_FILE) {
      anna.unlock(held, 2L * ranges, 1);
      ranges++;
    }
    refused(Status.DQUOT, () -> anna.unlock(held, 1L << 40, 1));
    anna.unlock(held, 0, -1);
    bert.lock(berts, "b", LockType.WRITE, 0, -1);
  }
}
