package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tidefs.testkit.FileAttributes;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.XdrIn;
import tidefs.testkit.XdrOut;
import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

final class AttributesTest {
  private static final FileAttributesOfTest FILE = new FileAttributesOfTest();

  @Test
  void everyReadableAttributeIsEncodedAsAClientDecodesIt() {
    FileAttributes file = roundTrip(Attributes.READABLE);

    assertThat(file.numbers()).hasSize(Attributes.READABLE.size());
    assertThat(file.set(Attribute.SUPPORTED_ATTRS).cardinality())
        .isEqualTo(FILE.supported().size());
    assertThat(file.type()).isEqualTo(FileType.REGULAR.code());
    assertThat(file.change()).isEqualTo(3);
    assertThat(file.size()).isEqualTo(4);
    assertThat(file.number(Attribute.LEASE_TIME)).isEqualTo(90);
    assertThat(file.handle()).isEqualTo(FILE.fileHandle());
    assertThat(file.fileId()).isEqualTo(20);
    assertThat(file.number(Attribute.MOUNTED_ON_FILEID)).isEqualTo(20);
    assertThat(file.number(Attribute.MAXFILESIZE)).isEqualTo(27);
    assertThat(file.number(Attribute.MAXLINK)).isEqualTo(28);
    assertThat(file.number(Attribute.MAXNAME)).isEqualTo(255);
    assertThat(file.number(Attribute.MAXREAD)).isEqualTo(30);
    assertThat(file.number(Attribute.MAXWRITE)).isEqualTo(31);
    assertThat(file.mode()).isEqualTo(0644);
    assertThat(file.links()).isEqualTo(2);
    assertThat(file.text(Attribute.OWNER)).isEqualTo("4294967294");
    assertThat(file.text(Attribute.OWNER_GROUP)).isEqualTo("0");
    assertThat(file.number(Attribute.SPACE_AVAIL)).isEqualTo(42);
    assertThat(file.number(Attribute.SPACE_FREE)).isEqualTo(43);
    assertThat(file.number(Attribute.SPACE_TOTAL)).isEqualTo(44);
    assertThat(file.number(Attribute.SPACE_USED)).isEqualTo(45);
    assertThat(file.number(Attribute.SPACE_FREED)).as("it has two names").isZero();
    assertThat(file.time(Attribute.TIME_ACCESS)).isEqualTo(Instant.ofEpochSecond(47, 1));
    assertThat(file.time(Attribute.TIME_CREATE)).isEqualTo(Instant.ofEpochSecond(50, 2));
    assertThat(file.time(Attribute.TIME_DELTA)).isEqualTo(Instant.ofEpochSecond(0, 1));
    assertThat(file.time(Attribute.TIME_METADATA)).isEqualTo(Instant.ofEpochSecond(52, 3));
    assertThat(file.time(Attribute.TIME_MODIFY)).isEqualTo(Instant.ofEpochSecond(-53, 4));
    assertThat(file.number(Attribute.NAMED_ATTR)).isZero();
    assertThat(file.number(Attribute.CASE_INSENSITIVE)).isZero();
    assertThat(file.number(Attribute.CASE_PRESERVING)).isOne();
    assertThat(file.number(Attribute.CHANGE_ATTR_TYPE)).isZero();
    assertThat(file.number(Attribute.CLONE_BLKSIZE)).isEqualTo(4_096);
    assertThat(file.number(Attribute.XATTR_SUPPORT)).isOne();
  }

  @Test
  void everyReadableAttributeIsEncodedAloneAsWell() {
    for (int number = Attributes.READABLE.next(0);
        number >= 0;
        number = Attributes.READABLE.next(number + 1)) {
      assertThat(roundTrip(Bitmap.of(number)).numbers()).containsExactly(number);
    }
  }

  @Test
  void whatIsNotSupportedIsLeftOut() {
    Bitmap asked =
        Bitmap.of(Attribute.ACL, Attribute.SIZE, Attribute.TIME_MODIFY_SET, Bitmap.UNKNOWN);
    assertThat(roundTrip(asked).numbers()).containsExactly(Attribute.SIZE);
  }

  @Test
  void expectedAttributesAreComparedByValue() throws XdrException {
    assertThat(compare(new XdrOut().bitmap(4).opaque(new XdrOut().int64(4).toBytes())))
        .isEqualTo(Status.SAME);
    assertThat(compare(new XdrOut().bitmap(4).opaque(new XdrOut().int64(5).toBytes())))
        .isEqualTo(Status.NOT_SAME);
    assertThat(compare(new XdrOut().bitmap(4).opaque(new XdrOut().int64(4).int32(0).toBytes())))
        .isEqualTo(Status.NOT_SAME);
    byte[] several = new XdrOut().int32(1).int64(4).text("4294967294").toBytes();
    assertThat(compare(new XdrOut().bitmap(1, 4, 36).opaque(several))).isEqualTo(Status.SAME);
    assertThat(compare(new XdrOut().bitmap().opaque(new byte[0]))).isEqualTo(Status.SAME);
  }

  @Test
  void whatCannotBeComparedIsRefused() throws XdrException {
    assertThat(compare(new XdrOut().bitmap(12).opaque(new byte[4]))).isEqualTo(Status.ATTRNOTSUPP);
    assertThat(compare(new XdrOut().bitmap(11).opaque(new byte[4]))).isEqualTo(Status.INVAL);
    assertThat(compare(new XdrOut().bitmap(54).opaque(new byte[4]))).isEqualTo(Status.INVAL);
  }

  @Test
  void changesAreDecoded() throws XdrException {
    Instant time = Instant.ofEpochSecond(-7, 999_999_999);
    NewAttributes wanted = NewAttributes.none().size(9).owner("root").group("12").accessTime(time);
    AttributeChanges changes = changes(wanted, 0);
    assertThat(changes.verdict()).isEqualTo(Status.OK);
    assertThat(changes.given()).isEqualTo(Bitmap.of(4, 36, 37, 48));
    assertThat(changes.size()).isEqualTo(9);
    assertThat(changes.owner()).isEqualTo(Opaque.utf8("root"));
    assertThat(AttributeChanges.numericId(changes.owner())).isEqualTo(-1);
    assertThat(AttributeChanges.numericId(changes.ownerGroup())).isEqualTo(12);
    assertThat(changes.access())
        .isEqualTo(new SetTime(SetTime.How.TO_CLIENT_TIME, -7, 999_999_999));
    assertThat(changes.modify()).isEqualTo(SetTime.UNCHANGED);
    assertThat(changes.hasMode()).isFalse();
    assertThat(changes.modeAfter(0123)).isEqualTo(0123);
  }

  @Test
  void aMaskedModeChangesOnlyItsMask() throws XdrException {
    byte[] masked = new XdrOut().int32(0600).int32(0700).toBytes();
    AttributeChanges changes =
        changes(NewAttributes.none().raw(Attribute.MODE_SET_MASKED, masked), 1);
    assertThat(changes.verdict()).isEqualTo(Status.OK);
    assertThat(changes.modeAfter(04155)).isEqualTo(04655);
    assertThat(changes(NewAttributes.none().mode(0421), 1).modeAfter(07777)).isEqualTo(0421);
  }

  @Test
  void whatCannotBeSetIsRefusedWithTheRightStatus() throws XdrException {
    byte[] masked = new XdrOut().int32(0600).int32(0700).toBytes();
    assertThat(verdict(NewAttributes.none().raw(Attribute.ACL, new byte[4]), 1))
        .isEqualTo(Status.ATTRNOTSUPP);
    assertThat(verdict(NewAttributes.none().raw(Attribute.FILES_FREE, new byte[8]), 1))
        .isEqualTo(Status.ATTRNOTSUPP);
    assertThat(verdict(NewAttributes.none().raw(100, new byte[8]), 1))
        .isEqualTo(Status.ATTRNOTSUPP);
    assertThat(verdict(NewAttributes.none().raw(Attribute.CHANGE, new byte[8]), 1))
        .isEqualTo(Status.INVAL);
    assertThat(verdict(NewAttributes.none().raw(Attribute.MODE_SET_MASKED, masked), 0))
        .isEqualTo(Status.ATTRNOTSUPP);
    assertThat(verdict(NewAttributes.none().mode(1).raw(Attribute.MODE_SET_MASKED, masked), 1))
        .isEqualTo(Status.INVAL);
    byte[] nanos = new XdrOut().int32(1).int64(0).int32(1_000_000_000).toBytes();
    assertThat(verdict(NewAttributes.none().raw(Attribute.TIME_MODIFY_SET, nanos), 0))
        .isEqualTo(Status.INVAL);
  }

  @Test
  void valuesMustMatchTheirAttributes() {
    assertThatThrownBy(() -> changes(NewAttributes.none().raw(Attribute.SIZE, new byte[4]), 0))
        .isInstanceOf(XdrException.class);
    assertThatThrownBy(() -> changes(NewAttributes.none().raw(Attribute.SIZE, new byte[12]), 0))
        .isInstanceOf(XdrException.class);
    var values = new XdrReader(Unpooled.buffer().writeInt(0).writeInt(4).writeInt(0));
    assertThatThrownBy(() -> AttributeChanges.decode(values, 0)).isInstanceOf(XdrException.class);
  }

  @Test
  void onlyPlainDecimalNumbersAreIds() {
    assertThat(AttributeChanges.numericId(Opaque.utf8("0"))).isZero();
    assertThat(AttributeChanges.numericId(Opaque.utf8("4294967295"))).isEqualTo(0xffff_ffffL);
    for (String other :
        new String[] {
          "", "4294967296", "-1", "+1", "01", "1 ", "99999999999", "root", "1@localdomain"
        }) {
      assertThat(AttributeChanges.numericId(Opaque.utf8(other))).as(other).isEqualTo(-1);
    }
  }

  private static FileAttributes roundTrip(Bitmap requested) {
    var out = new XdrWriter(Unpooled.buffer());
    Attributes.encode(requested, FILE, out);
    ByteBuf bytes = out.finish();
    return FileAttributes.decode(new XdrIn(ByteBufUtil.getBytes(bytes)));
  }

  private static Status compare(XdrOut expected) throws XdrException {
    var out = new XdrWriter(Unpooled.buffer());
    out.int32(1);
    var in = new XdrReader(Unpooled.wrappedBuffer(expected.toBytes()));
    Status status = ExpectedAttributes.decode(in).compare(FILE, out);
    assertThat(out.position()).isEqualTo(4);
    return status;
  }

  private static AttributeChanges changes(NewAttributes wanted, int minorVersion)
      throws XdrException {
    var out = new XdrOut();
    wanted.encode(out);
    return AttributeChanges.decode(
        new XdrReader(Unpooled.wrappedBuffer(out.toBytes())), minorVersion);
  }

  private static Status verdict(NewAttributes wanted, int minorVersion) throws XdrException {
    return changes(wanted, minorVersion).verdict();
  }
}
