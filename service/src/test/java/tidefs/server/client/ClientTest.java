package tidefs.server.client;

import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Status;
import tidefs.testkit.LeakGuard;
import tidefs.testkit.NfsFailure;

/** A test of what clients may do, with a server and a file system of its own for each method. */
@ExtendWith(LeakGuard.class)
abstract class ClientTest {
  @TempDir Path folder;
  ClientRig rig;
  String fileSystem;

  @BeforeEach
  void startServing() throws Exception {
    rig = new ClientRig(folder);
    fileSystem = rig.fileSystem();
  }

  @AfterEach
  void stopServing() {
    rig.close();
  }

  /** Something that a client does ends with {@code status}. */
  static void refused(Status status, ThrowingCallable call) {
    NfsFailure.expect(status, call);
  }
}
