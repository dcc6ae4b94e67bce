package tidefs.xdr;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class BitmapTest {
  @Test
  void numbersComeBackInOrder() {
    Bitmap set = Bitmap.of(63, 0, 64, 31, 32, 96, 127);
    var numbers = new ArrayList<Integer>();
    for (int number = set.next(0); number >= 0; number = set.next(number + 1)) {
      numbers.add(number);
    }
    assertThat(numbers).containsExactly(0, 31, 32, 63, 64, 96, 127);
    assertThat(set.size()).isEqualTo(7);
    assertThat(set.next(128)).isEqualTo(-1);
    assertThat(Bitmap.EMPTY.next(0)).isEqualTo(-1);
  }

  @Test
  void everyNumberIsFoundWhereItWasPut() {
    for (int number = 0; number <= Bitmap.UNKNOWN; number++) {
      Bitmap set = Bitmap.EMPTY.with(number);
      assertThat(set.has(number)).isTrue();
      assertThat(set.next(0)).isEqualTo(number);
      assertThat(set.without(number).isEmpty()).isTrue();
      assertThat(set.or(Bitmap.of(5)).minus(set).has(number)).isFalse();
      assertThat(set.and(set)).isEqualTo(set);
    }
  }

  @Test
  void theEncodingEndsWithItsLastWordThatIsNotZero() throws XdrException {
    assertThat(encoded(Bitmap.EMPTY).readInt()).isZero();
    assertThat(encoded(Bitmap.of(31)).readInt()).isEqualTo(1);
    assertThat(encoded(Bitmap.of(32)).readInt()).isEqualTo(2);
    assertThat(encoded(Bitmap.of(64)).readInt()).isEqualTo(3);
    assertThat(encoded(Bitmap.of(96)).readInt()).isEqualTo(4);
    for (int number = 0; number <= Bitmap.UNKNOWN; number++) {
      Bitmap set = Bitmap.of(1, number);
      assertThat(new XdrReader(encoded(set)).bitmap()).isEqualTo(set);
    }
  }

  @Test
  void numbersBeyondAllRfcsCountAsUnknown() throws XdrException {
    ByteBuf bytes = Unpooled.buffer();
    bytes.writeInt(6).writeInt(2).writeZero(16).writeInt(1 << 7);
    assertThat(new XdrReader(bytes).bitmap()).isEqualTo(Bitmap.of(1, Bitmap.UNKNOWN));
  }

  private static ByteBuf encoded(Bitmap set) {
    var out = new XdrWriter(Unpooled.buffer());
    out.bitmap(set);
    return out.finish();
  }
}
