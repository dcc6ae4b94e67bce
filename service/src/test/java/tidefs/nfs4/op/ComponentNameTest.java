package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tidefs.xdr.Opaque;

final class ComponentNameTest {
  @Test
  void ordinaryNamesAreValid() {
    for (String name :
        new String[] {
          "a",
          "...",
          ".hidden",
          "..x",
          "näme",
          "\u65e5\u672c",
          "\ud83d\ude00",
          "a b\\:*?\n",
          "x".repeat(255)
        }) {
      assertThat(ComponentName.check(Opaque.utf8(name))).as(name).isEqualTo(Status.OK);
    }
  }

  @Test
  void otherNamesAreRefusedWithTheirStatus() {
    assertThat(ComponentName.check(Opaque.EMPTY)).isEqualTo(Status.INVAL);
    assertThat(ComponentName.check(Opaque.utf8("x".repeat(256)))).isEqualTo(Status.NAMETOOLONG);
    for (String name : new String[] {".", "..", "/", "a/b", "a\0", "\0"}) {
      assertThat(ComponentName.check(Opaque.utf8(name))).as(name).isEqualTo(Status.BADNAME);
    }
  }

  @Test
  void utf8IsJudgedAsTheJdkJudgesIt() {
    var random = new SplittableRandom(7);
    int[] interesting = {
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed,
      0xef, 0xf0, 0xf4, 0xf5, 0xff
    };
    int valid = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) interesting[random.nextInt(interesting.length)];
      }
      boolean expected = jdkDecodes(bytes);
      valid += expected ? 1 : 0;
      assertThat(ComponentName.isUtf8(bytes))
          .as(HexFormat.of().formatHex(bytes))
          .isEqualTo(expected);
    }
    assertThat(valid).isGreaterThan(500);
  }

  private static boolean jdkDecodes(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).limit() >= 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
