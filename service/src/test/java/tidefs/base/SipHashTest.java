package tidefs.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The reference vectors of SipHash-2-4: key and messages are the bytes 00 01 02 and so on. */
class SipHashTest {
  private static final SipHash HASH = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void bytesHashAsPublished() {
    assertThat(HASH.hash(message(0))).isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(HASH.hash(message(8))).isEqualTo(0x93f5f5799a932462L);
    assertThat(HASH.hash(message(15))).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void twoWordsHashAsTheirBytes() {
    assertThat(HASH.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
        .isEqualTo(HASH.hash(message(16)))
        .isEqualTo(0x3f2acc7f57c29bdbL);
  }

  private static byte[] message(int length) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) i;
    }
    return message;
  }
}
