package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidefs.testkit.XdrOut;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

final class OpDecodeTest {
  static List<OpSamples.Sample> samples() {
    return OpSamples.ALL;
  }

  @Test
  void everyOperationHasASample() {
    assertThat(OpSamples.ALL.stream().map(sample -> sample.expected().getClass()).distinct())
        .hasSize(OpSamples.types(Op.class).size() - 1);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatAClientEncodesIsDecoded(OpSamples.Sample sample) throws XdrException {
    for (int minorVersion = sample.minorVersion(); minorVersion <= 2; minorVersion++) {
      var in = new XdrReader(sample.bytes());
      Op op = Op.decode(sample.expected().code(), in, minorVersion);
      assertThat(op).isEqualTo(sample.expected());
      assertThat(in.remaining()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatFollowsTheArgumentsIsLeftAlone(OpSamples.Sample sample) throws XdrException {
    ByteBuf longer = Unpooled.buffer().writeBytes(sample.bytes()).writeLong(0x1234);
    var in = new XdrReader(longer);
    assertThat(Op.decode(sample.expected().code(), in, 2)).isEqualTo(sample.expected());
    assertThat(in.remaining()).isEqualTo(8);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyPrefixOfTheArgumentsIsMalformed(OpSamples.Sample sample) {
    ByteBuf whole = sample.bytes();
    for (int length = 0; length < whole.readableBytes(); length++) {
      var in = new XdrReader(whole.slice(0, length));
      assertThatThrownBy(() -> Op.decode(sample.expected().code(), in, 2))
          .as("the first %d bytes", length)
          .isInstanceOf(XdrException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aLowerVersionDoesNotKnowTheOperation(OpSamples.Sample sample) throws XdrException {
    int code = sample.expected().code();
    int first = code <= ReleaseLockOwner.CODE ? 0 : code <= ReclaimComplete.CODE ? 1 : 2;
    for (int minorVersion = 0; minorVersion < first; minorVersion++) {
      var in = new XdrReader(sample.bytes());
      assertThat(Op.decode(code, in, minorVersion)).isEqualTo(new Illegal(code));
    }
  }

  @Test
  void unknownNumbersAreIllegal() throws XdrException {
    for (int code : new int[] {Integer.MIN_VALUE, -1, 0, 1, 2, 76, 10044, Integer.MAX_VALUE}) {
      for (int minorVersion = 0; minorVersion <= 2; minorVersion++) {
        Op op = Op.decode(code, new XdrReader(Unpooled.EMPTY_BUFFER), minorVersion);
        assertThat(op).isEqualTo(new Illegal(code));
        assertThat(op.code()).isEqualTo(10044);
      }
    }
  }

  @Test
  void whatCameWith41IsMalformedIn40() {
    for (OpSamples.Sample sample : OpSamples.ALL) {
      if (sample.expected() instanceof Open && sample.minorVersion() == 1) {
        var in = new XdrReader(sample.bytes());
        assertThatThrownBy(() -> Op.decode(Open.CODE, in, 0)).isInstanceOf(XdrException.class);
      }
    }
  }

  @Test
  void namesLongerThanAnyNameAreDecodedForTheExecutorToRefuse() throws XdrException {
    byte[] name = new byte[Limits.NAME_BYTES];
    var longest = (Lookup) decode(Lookup.CODE, new XdrOut().opaque(name));
    assertThat(ComponentName.check(longest.name())).isEqualTo(Status.NAMETOOLONG);
    assertThatThrownBy(
            () -> decode(Lookup.CODE, new XdrOut().opaque(new byte[Limits.NAME_BYTES + 1])))
        .isInstanceOf(XdrException.class);
  }

  @Test
  void overlongFieldsAreMalformed() {
    malformed(PutFh.CODE, new XdrOut().opaque(new byte[129]));
    malformed(ReleaseLockOwner.CODE, new XdrOut().int64(1).opaque(new byte[1025]));
    malformed(SetClientId.CODE, new XdrOut().int64(1).opaque(new byte[1025]).fixed(new byte[64]));
    malformed(ExchangeId.CODE, new XdrOut().int64(1).opaque(new byte[1025]).fixed(new byte[64]));
    malformed(TestStateId.CODE, new XdrOut().int32(4097).fixed(new byte[4097 * 16]));
    malformed(BackchannelCtl.CODE, new XdrOut().int32(1).int32(33).fixed(new byte[33 * 4]));
    var groups = new XdrOut().int32(1).int32(1).int32(1).int32(0).text("").int32(0).int32(0);
    malformed(BackchannelCtl.CODE, groups.int32(17).fixed(new byte[17 * 4]));
    var twoImplementations = new XdrOut().int64(1).text("me").int32(0).int32(0).int32(2);
    malformed(ExchangeId.CODE, twoImplementations.fixed(new byte[2 * 20]));
  }

  @Test
  void unknownDiscriminantsAreMalformed() {
    malformed(Lock.CODE, new XdrOut().int32(0).fixed(new byte[100]));
    malformed(Lock.CODE, new XdrOut().int32(5).fixed(new byte[100]));
    malformed(LockT.CODE, new XdrOut().int32(9).fixed(new byte[100]));
    malformed(Write.CODE, new XdrOut().fixed(new byte[24]).int32(3).int32(0));
    malformed(OpenAttr.CODE, new XdrOut().int32(2));
    malformed(SecInfoNoName.CODE, new XdrOut().int32(2));
    malformed(BindConnToSession.CODE, new XdrOut().fixed(new byte[16]).int32(4).int32(0));
    malformed(LayoutReturn.CODE, new XdrOut().fixed(new byte[12]).int32(4));
    malformed(WantDelegation.CODE, new XdrOut().int32(0).int32(0).int32(0));
    malformed(BackchannelCtl.CODE, new XdrOut().int32(1).int32(1).int32(2).fixed(new byte[64]));
    malformed(SetXattr.CODE, new XdrOut().int32(3).text("a").text("b"));
    malformed(CopyNotify.CODE, new XdrOut().fixed(new byte[16]).int32(4).text("a"));
  }

  private static void malformed(int code, XdrOut arguments) {
    assertThatThrownBy(() -> decode(code, arguments))
        .as("operation %d", code)
        .isInstanceOf(XdrException.class);
  }

  private static Op decode(int code, XdrOut arguments) throws XdrException {
    return Op.decode(code, new XdrReader(Unpooled.wrappedBuffer(arguments.toBytes())), 2);
  }
}
