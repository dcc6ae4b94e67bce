package tidefs.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.Tags;
import tidefs.server.config.EncryptionSettings;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.KeyRefused;
import tidefs.store.crypt.KeyRefused.Reason;
import tidefs.testkit.ControlPlane;

/** Another server's KMS as the key service. */
final class RemoteKmsTest {
  @TempDir private Path folder;
  private final ControlPlane plane = new ControlPlane();
  private final DataKey key = DataKey.random(Chance.system());
  private RemoteKms kms;
  private String id;

  @BeforeEach
  void makeAKey() throws Exception {
    Path credentials = Files.writeString(folder.resolve("c"), "AKIDEXAMPLE\nsecret\n");
    URI endpoint = URI.create("http://127.0.0.1:" + plane.client().port());
    kms =
        new RemoteKms(
            new EncryptionSettings.Kms(endpoint, ControlPlane.REGION, credentials), Clock.system());
    id = plane.control.kmsKeys().create("", Tags.NONE).id();
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(KeyRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aDataKeyIsUnwrappedForItsFileSystemAlone() throws Exception {
    byte[] wrapped = kms.wrap(id, "fs-1", key);
    assertThat(kms.unwrap(id, "fs-1", wrapped).bytes()).isEqualTo(key.bytes());
    refused(Reason.WRONG, () -> kms.unwrap(id, "fs-2", wrapped));
    String other = plane.control.kmsKeys().create("", Tags.NONE).id();
    refused(Reason.WRONG, () -> kms.unwrap(other, "fs-1", wrapped));
    byte[] changed = wrapped.clone();
    changed[changed.length - 1] ^= 1;
    refused(Reason.WRONG, () -> kms.unwrap(id, "fs-1", changed));
  }

  @Test
  void anOlderVersionOfAKeyStillUnwraps() throws Exception {
    byte[] wrapped = kms.wrap(id, "fs-1", key);
    plane.control.kmsKeys().rotate(id);
    assertThat(kms.unwrap(id, "fs-1", wrapped).bytes()).isEqualTo(key.bytes());
    assertThat(kms.wrap(id, "fs-1", key)).isNotEqualTo(wrapped);
  }

  @Test
  void whatIsWrongWithAKeyIsToldApart() throws Exception {
    byte[] wrapped = kms.wrap(id, "fs-1", key);
    refused(Reason.ABSENT, () -> kms.wrap("00000000-0000-0000-0000-000000000000", "fs-1", key));
    plane.control.kmsKeys().enable(id, false);
    refused(Reason.UNUSABLE, () -> kms.unwrap(id, "fs-1", wrapped));
    plane.control.kmsKeys().enable(id, true);
    plane.control.kmsKeys().scheduleDeletion(id, 7);
    refused(Reason.UNUSABLE, () -> kms.unwrap(id, "fs-1", wrapped));
    plane.close();
    refused(Reason.UNREACHABLE, () -> kms.unwrap(id, "fs-1", wrapped));
  }

  @Test
  void aKeyIsGoneWhenItsTimeHasCome() throws Exception {
    byte[] wrapped = kms.wrap(id, "fs-1", key);
    plane.control.kmsKeys().scheduleDeletion(id, 7);
    plane.clock.advance(java.time.Duration.ofDays(6));
    plane.control.kmsKeys().sweep();
    plane.control.kmsKeys().cancelDeletion(id);
    plane.control.kmsKeys().enable(id, true);
    assertThat(kms.unwrap(id, "fs-1", wrapped).bytes()).isEqualTo(key.bytes());
    plane.control.kmsKeys().scheduleDeletion(id, 7);
    plane.clock.advance(java.time.Duration.ofDays(7));
    plane.control.kmsKeys().sweep();
    refused(Reason.ABSENT, () -> kms.unwrap(id, "fs-1", wrapped));
  }
}
