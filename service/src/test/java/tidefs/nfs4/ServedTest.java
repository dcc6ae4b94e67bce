package tidefs.nfs4;

import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.NfsConfig;
import tidefs.store.StoreResources;
import tidefs.testkit.Compound;
import tidefs.testkit.LeakGuard;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;
import tidefs.testkit.XdrIn;

/** A test end to end over loopback sockets, with a file system of its own for each method. */
@ExtendWith(LeakGuard.class)
abstract class ServedTest {
  static final int MIB = 1 << 20;
  static final int CHUNK = 4 * MIB;
  static StoreResources resources;

  @TempDir Path directory;
  ServedFileSystem served;

  @BeforeAll
  static void openResources() {
    resources = new StoreResources(32L << 20);
  }

  @AfterAll
  static void closeResources() {
    resources.close();
  }

  @BeforeEach
  void startServing() throws Exception {
    served = new ServedFileSystem(directory, resources, NfsConfig.DEFAULTS, false);
  }

  @AfterEach
  void stopServing() {
    served.close();
  }

  /** Something that a client does ends with {@code status}. */
  static void refused(Status status, ThrowingCallable call) {
    NfsFailure.expect(status, call);
  }

  /** Bytes none of which is zero, different in each block. */
  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at++) {
      bytes[at] = (byte) (1 + at % 251);
    }
    return bytes;
  }

  /** A COMPOUND that begins with a file. */
  static Compound at(NfsClient client, FileHandle file) {
    return client.wire().compound().putFh(file);
  }

  /** What the last operation of a COMPOUND gives, all being OK. */
  static XdrIn call(NfsClient client, Compound compound) throws Exception {
    return new XdrIn(client.wire().call(compound).ok().last(byte[].class));
  }

  /** A new open file with these contents, committed. */
  static OpenFile filled(NfsClient client, String name, byte[] data) throws Exception {
    OpenFile file = client.create(client.root(), name, 0644);
    for (int at = 0; at < data.length; at += MIB) {
      byte[] part = Arrays.copyOfRange(data, at, Math.min(data.length, at + MIB));
      client.write(file, at, Stability.UNSTABLE, part);
    }
    client.commit(file.handle());
    return file;
  }
}
