package tidefs.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class XdrWriterTest {
  private final ByteBuf buffer = Unpooled.buffer(4).writeInt(0x5a5a);
  private final XdrWriter out = new XdrWriter(buffer);

  @Test
  void positionsCountFromWhereTheWriterBegan() {
    assertThat(out.position()).isZero();
    int at = out.placeholder();
    out.int64(1);
    assertThat(out.position()).isEqualTo(12);
    out.patch(at, 77);
    assertThat(out.int32At(at)).isEqualTo(77);
    assertThat(hex()).isEqualTo("00005a5a0000004d0000000000000001");
    assertThatThrownBy(() -> out.patch(9, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> out.patch(-4, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void opaquesArePadded() {
    out.opaque(new byte[] {1, 2, 3, 4, 5});
    out.fixedOpaque(Opaque.of((byte) 6));
    out.opaque(Unpooled.wrappedBuffer(new byte[] {7}));
    out.utf8("é");
    assertThat(hex())
        .isEqualTo(
            "00005a5a"
                + "000000050102030405000000"
                + "06000000"
                + "0000000107000000"
                + "00000002c3a90000");
  }

  @Test
  void decimalsAreUnsigned() {
    for (int value : new int[] {0, 9, 10, 99, 100, 65534, 1_000_000_000, Integer.MAX_VALUE, -1}) {
      var one = new XdrWriter(Unpooled.buffer(0));
      one.decimal(value);
      var other = new XdrWriter(Unpooled.buffer());
      other.utf8(Integer.toUnsignedString(value));
      assertThat(one.finish()).isEqualTo(other.finish());
    }
  }

  @Test
  void anOpaqueIsFilledInPlace() {
    ByteBuffer space = out.beginOpaque(1000);
    assertThat(space.position()).isZero();
    assertThat(space.remaining()).isEqualTo(1000);
    space.put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    out.endOpaque(5);
    out.int32(-1);
    assertThat(hex()).isEqualTo("00005a5a" + "000000050102030405000000" + "ffffffff");
  }

  @Test
  void anOpaqueThatWasBegunCanBeAbandoned() {
    out.int32(1);
    int at = out.position();
    out.beginOpaque(100);
    out.truncate(at);
    assertThatThrownBy(() -> out.endOpaque(1)).isInstanceOf(IllegalStateException.class);
    out.int32(2);
    assertThat(hex()).isEqualTo("00005a5a" + "00000001" + "00000002");
  }

  @Test
  void anOpaqueMustNotBeLongerThanItsSpace() {
    out.beginOpaque(4);
    assertThatThrownBy(() -> out.endOpaque(5)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> out.endOpaque(-1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void largePayloadsGoByReference() {
    int first = out.placeholder();
    out.opaqueByReference(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    int second = out.placeholder();
    out.opaqueByReference(Unpooled.wrappedBuffer(new byte[] {4, 5, 6, 7}));
    int third = out.placeholder();
    assertThat(out.position()).isEqualTo(28);
    out.patch(third, 3);
    out.patch(second, 2);
    out.patch(first, 1);
    assertThat(hex())
        .isEqualTo(
            "00005a5a"
                + "00000001"
                + "0000000301020300"
                + "00000002"
                + "0000000404050607"
                + "00000003");
  }

  @Test
  void buffersAreReleasedOnce() {
    ByteBuf payload = Unpooled.buffer().writeInt(1);
    out.opaqueByReference(payload);
    out.finish().release();
    assertThat(payload.refCnt()).isZero();
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void whatIsDiscardedIsReleased() {
    ByteBuf payload = Unpooled.buffer().writeInt(1);
    out.opaqueByReference(payload);
    out.discard();
    assertThat(payload.refCnt()).isZero();
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void theEndIsComparedWithBytes() {
    out.int32(1);
    int at = out.position();
    out.int32(2);
    assertThat(out.endsWith(at, Unpooled.buffer().writeInt(2))).isTrue();
    assertThat(out.endsWith(at, Unpooled.buffer().writeInt(3))).isFalse();
    assertThat(out.endsWith(at, Unpooled.buffer().writeLong(2))).isFalse();
    assertThat(out.endsWith(at, Unpooled.buffer())).isFalse();
  }

  private String hex() {
    ByteBuf bytes = out.finish();
    String hex = ByteBufUtil.hexDump(bytes);
    bytes.release();
    return hex;
  }
}
