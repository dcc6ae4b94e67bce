package tidefs.nfs4.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Status;

final class HandlesTest {
  private static final byte[] SECRET = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  private final Handles handles = new Handles(77, SECRET);

  @Test
  void leadBackToTheirInode() throws Refused {
    FileHandle handle = handles.of(123_456);
    assertThat(handles.ino(handle)).isEqualTo(123_456);
    assertThat(Handles.volumeOf(handle)).isEqualTo(77);
    assertThat(new Handles(77, SECRET).of(123_456)).isEqualTo(handle);
  }

  @Test
  void cannotBeMadeUp() {
    byte[] bytes = handles.of(5).toArray();
    for (int at = 0; at < bytes.length; at++) {
      byte[] forged = bytes.clone();
      forged[at] ^= 1;
      assertThatThrownBy(() -> handles.ino(FileHandle.wrap(forged)))
          .isInstanceOfSatisfying(
              Refused.class, e -> assertThat(e.status()).isEqualTo(Status.BADHANDLE));
    }
  }

  @Test
  void ofAnyLengthAreLookedAt() {
    for (int length = 0; length <= 128; length++) {
      byte[] bytes = new byte[length];
      assertThatThrownBy(() -> handles.ino(FileHandle.wrap(bytes))).isInstanceOf(Refused.class);
    }
  }
}
