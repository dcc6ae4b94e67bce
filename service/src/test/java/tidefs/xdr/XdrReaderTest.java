package tidefs.xdr;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class XdrReaderTest {
  @Test
  void valuesAreReadInOrder() throws XdrException {
    ByteBuf bytes = Unpooled.buffer().writeZero(3).readerIndex(3);
    bytes.writeInt(-2).writeInt(-2).writeLong(Long.MIN_VALUE).writeInt(1).writeInt(0);
    bytes.writeInt(5).writeBytes(new byte[] {1, 2, 3, 4, 5, 0, 0, 0});
    bytes.writeInt(3).writeBytes("abc\0".getBytes(US_ASCII)).writeInt(7);
    var in = new XdrReader(bytes);

    assertThat(in.int32()).isEqualTo(-2);
    assertThat(in.uint32()).isEqualTo(0xffff_fffeL);
    assertThat(in.int64()).isEqualTo(Long.MIN_VALUE);
    assertThat(in.bool()).isTrue();
    assertThat(in.bool()).isFalse();
    assertThat(in.bytes(5)).isEqualTo(Opaque.of((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5));
    assertThat(in.utf8(3)).isEqualTo("abc");
    assertThat(in.remaining()).isEqualTo(4);
    assertThat(in.int32()).isEqualTo(7);
    assertThat(in.remaining()).isZero();
    assertThatThrownBy(in::int32).isInstanceOf(XdrException.class);
  }

  @Test
  void opaquesAreSlicesOfTheMessage() throws XdrException {
    ByteBuf bytes = Unpooled.buffer().writeInt(2).writeBytes(new byte[] {1, 2, 0, 0});
    ByteBuf slice = new XdrReader(bytes).opaque(2);
    bytes.setByte(5, 9);
    assertThat(slice.readableBytes()).isEqualTo(2);
    assertThat(slice.getByte(1)).isEqualTo((byte) 9);
  }

  @Test
  void keptBytesAreNoSlices() throws XdrException {
    ByteBuf bytes = Unpooled.buffer().writeInt(2).writeBytes(new byte[] {1, 2, 0, 0});
    Opaque kept = new XdrReader(bytes).bytes(2);
    bytes.setByte(5, 9);
    assertThat(kept.at(1)).isEqualTo((byte) 2);
  }

  @Test
  void lengthsAreCheckedBeforeAnythingIsAllocated() {
    for (int length :
        new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 2, 9}) {
      assertThatThrownBy(() -> of(length, 0, 0).opaque(Integer.MAX_VALUE))
          .isInstanceOf(XdrException.class);
      assertThatThrownBy(() -> of(length, 0, 0).bytes(Integer.MAX_VALUE))
          .isInstanceOf(XdrException.class);
      assertThatThrownBy(() -> of(length, 0, 0).utf8(Integer.MAX_VALUE))
          .isInstanceOf(XdrException.class);
      assertThatThrownBy(() -> of(length, 0, 0).skipOpaque(Integer.MAX_VALUE))
          .isInstanceOf(XdrException.class);
      assertThatThrownBy(() -> of(length, 0, 0).count(Integer.MAX_VALUE, 4))
          .isInstanceOf(XdrException.class);
      assertThatThrownBy(() -> of(length, 0, 0).bitmap()).isInstanceOf(XdrException.class);
    }
  }

  @Test
  void limitsAreInclusive() throws XdrException {
    assertThat(of(4, 0).opaque(4).readableBytes()).isEqualTo(4);
    assertThatThrownBy(() -> of(4, 0).opaque(3)).isInstanceOf(XdrException.class);
    assertThat(of(2, 0, 0).count(2, 4)).isEqualTo(2);
    assertThatThrownBy(() -> of(2, 0, 0).count(1, 4)).isInstanceOf(XdrException.class);
    assertThatThrownBy(() -> of(2, 0, 0).count(2, 5)).isInstanceOf(XdrException.class);
  }

  @Test
  void paddingMustBeThere() {
    ByteBuf bytes = Unpooled.buffer().writeInt(2).writeBytes(new byte[] {1, 2, 0});
    assertThatThrownBy(() -> new XdrReader(bytes).opaque(2)).isInstanceOf(XdrException.class);
  }

  @Test
  void otherBooleansAreRefused() {
    assertThatThrownBy(() -> of(2).bool()).isInstanceOf(XdrException.class);
    assertThatThrownBy(() -> of(-1).bool()).isInstanceOf(XdrException.class);
  }

  @Test
  void enumerationsHaveBounds() throws XdrException {
    assertThat(of(3).int32In(1, 3)).isEqualTo(3);
    assertThatThrownBy(() -> of(4).int32In(1, 3)).isInstanceOf(XdrException.class);
    assertThatThrownBy(() -> of(0).int32In(1, 3)).isInstanceOf(XdrException.class);
  }

  @Test
  void aPositionCanBeReadAgain() throws XdrException {
    XdrReader in = of(1, 2, 3);
    in.int32();
    int position = in.position();
    assertThat(in.int32()).isEqualTo(2);
    in.position(position);
    assertThat(in.int32()).isEqualTo(2);
    assertThatThrownBy(() -> in.position(13)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static XdrReader of(int... words) {
    ByteBuf bytes = Unpooled.buffer();
    for (int word : words) {
      bytes.writeInt(word);
    }
    return new XdrReader(bytes);
  }
}
