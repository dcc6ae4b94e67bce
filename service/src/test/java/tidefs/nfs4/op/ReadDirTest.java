package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import tidefs.testkit.FileAttributes;
import tidefs.testkit.XdrIn;
import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrWriter;

final class ReadDirTest {
  private static final FileAttributesOfTest FILE = new FileAttributesOfTest();
  private static final Bitmap FILE_ID = Bitmap.of(Attribute.FILEID);

  private final XdrWriter out = new XdrWriter(Unpooled.buffer());

  @Test
  void entriesAreEncodedAsAClientDecodesThem() {
    var entries = begin(0, 4096);
    assertThat(entries.add(3, Opaque.utf8("a"), FILE)).isTrue();
    assertThat(entries.add(-4, Opaque.utf8("bcdef"), FILE)).isTrue();
    entries.end(true);

    XdrIn in = bytes();
    assertThat(in.int32()).isZero();
    assertThat(in.int64()).isEqualTo(77);
    assertThat(in.bool()).isTrue();
    assertThat(in.int64()).isEqualTo(3);
    assertThat(in.text()).isEqualTo("a");
    assertThat(FileAttributes.decode(in).fileId()).isEqualTo(20);
    assertThat(in.bool()).isTrue();
    assertThat(in.int64()).isEqualTo(-4);
    assertThat(in.text()).isEqualTo("bcdef");
    assertThat(FileAttributes.decode(in).fileId()).isEqualTo(20);
    assertThat(in.bool()).isFalse();
    assertThat(in.bool()).isTrue();
    assertThat(in.remaining()).isZero();
  }

  @Test
  void theLimitIsUsedToTheLastByte() {
    int one = resultBytes(1);
    int two = resultBytes(2);
    for (int maxBytes = 0; maxBytes < two + 10; maxBytes++) {
      var writer = new XdrWriter(Unpooled.buffer());
      var entries = begin(0, maxBytes, writer);
      int expected = maxBytes < one ? 0 : maxBytes < two ? 1 : 2;
      assertThat(entries.add(3, Opaque.utf8("abc"), FILE)).isEqualTo(expected >= 1);
      assertThat(entries.add(4, Opaque.utf8("abc"), FILE)).isEqualTo(expected >= 2);
      assertThat(entries.count()).isEqualTo(expected);
      entries.end(false);
      if (expected > 0) {
        assertThat(writer.position() - 4).isLessThanOrEqualTo(maxBytes);
      }
    }
  }

  @Test
  void theHintForNamesAndCookiesStopsAfterTheFirst() {
    var entries = begin(1, 4096);
    assertThat(entries.add(3, Opaque.utf8("a"), FILE)).isTrue();
    assertThat(entries.add(4, Opaque.utf8("b"), FILE)).isFalse();
    assertThat(entries.count()).isOne();
  }

  @Test
  void theHintCountsNamesAndCookiesAlone() {
    var entries = begin(2 * 16, 4096);
    assertThat(entries.add(3, Opaque.utf8("a"), FILE)).isTrue();
    assertThat(entries.add(4, Opaque.utf8("bbbb"), FILE)).isTrue();
    assertThat(entries.add(5, Opaque.utf8("c"), FILE)).isFalse();
  }

  private int resultBytes(int count) {
    var writer = new XdrWriter(Unpooled.buffer());
    var entries = begin(0, 1 << 20, writer);
    for (int i = 0; i < count; i++) {
      assertThat(entries.add(3, Opaque.utf8("abc"), FILE)).isTrue();
    }
    entries.end(true);
    return writer.position() - 4;
  }

  private ReadDir.Entries begin(int directoryBytes, int maxBytes) {
    return begin(directoryBytes, maxBytes, out);
  }

  private static ReadDir.Entries begin(int directoryBytes, int maxBytes, XdrWriter out) {
    var call = new ReadDir(0, 0, directoryBytes, maxBytes, FILE_ID);
    return new ReadDir.Entries(call, 77, maxBytes, out);
  }

  private XdrIn bytes() {
    return new XdrIn(ByteBufUtil.getBytes(out.finish()));
  }
}
