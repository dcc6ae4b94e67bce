package tidefs.store.crypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tidefs.store.ChunkId;

final class BlockCipherTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final ChunkId CHUNK = new ChunkId(5, 2, 1);

  private final BlockCipher cipher =
      new BlockCipher(
          key("2718281828459045235360287471352662497757247093699959574966967627"),
          key("3141592653589793238462643383279502884197169399375105820974944592"));

  private static SecretKeySpec key(String hex) {
    return new SecretKeySpec(HEX.parseHex(hex), "AES");
  }

  /** IEEE Std 1619-2007, Annex B, vector 10. */
  @Test
  void unitsAreEncryptedAsTheNormSays() {
    byte[] unit = new byte[512];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (byte) i;
    }
    byte[] number = new byte[16];
    number[0] = (byte) 0xff;
    cipher.encryptUnit(number, unit);
    assertThat(HEX.formatHex(unit, 0, 32))
        .isEqualTo("1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b");
  }

  @Test
  void anyPartOfAChunkIsDecryptedAlone() {
    ByteBuffer plain = random(5 * BlockCipher.UNIT_BYTES);
    ByteBuffer encrypted = ByteBuffer.allocateDirect(plain.limit());
    cipher.encrypt(CHUNK, 0, plain, 0, plain.limit(), encrypted, 0);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      int from = random.nextInt(plain.limit() / 16) * 16;
      int to = from + random.nextInt((plain.limit() - from) / 16 + 1) * 16;
      ByteBuffer part = ByteBuffer.allocateDirect(to - from + 3).put(3, encrypted, from, to - from);
      cipher.decrypt(CHUNK, from, part, 3, part.limit());
      assertThat(part.slice(3, to - from)).isEqualTo(plain.slice(from, to - from));
    }
  }

  @Test
  void sameBytesDifferByPlaceUnitAndChunk() {
    ByteBuffer zeros = ByteBuffer.allocateDirect(2 * BlockCipher.UNIT_BYTES);
    ByteBuffer one = ByteBuffer.allocateDirect(zeros.limit());
    ByteBuffer other = ByteBuffer.allocateDirect(zeros.limit());
    cipher.encrypt(CHUNK, 0, zeros, 0, zeros.limit(), one, 0);
    cipher.encrypt(new ChunkId(5, 2, 2), 0, zeros, 0, zeros.limit(), other, 0);
    assertThat(one).isNotEqualTo(other);
    assertThat(one.slice(0, 16)).isNotEqualTo(one.slice(16, 16));
    assertThat(one.slice(0, 4096)).isNotEqualTo(one.slice(4096, 4096));
  }

  @Test
  void whatWasNeverWrittenIsZerosAmongWhatWas() {
    ByteBuffer plain = random(4096);
    ByteBuffer encrypted = ByteBuffer.allocateDirect(4096);
    cipher.encrypt(CHUNK, 0, plain, 0, 4096, encrypted, 0);
    for (int i = 1024; i < 2048; i++) {
      encrypted.put(i, (byte) 0);
      plain.put(i, (byte) 0);
    }
    cipher.decrypt(CHUNK, 0, encrypted, 0, 4096);
    assertThat(encrypted).isEqualTo(plain);
  }

  private static ByteBuffer random(int length) {
    byte[] bytes = new byte[length];
    new Random(3).nextBytes(bytes);
    return ByteBuffer.allocateDirect(length).put(bytes).flip();
  }
}
