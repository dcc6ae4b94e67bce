package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** An fattr4 under any bytes, as SETATTR and as VERIFY read it. */
public final class AttributesFuzz {
  private AttributesFuzz() {}

  /** One input: an fattr4. */
  public static void fuzzerTestOneInput(byte[] input) {
    for (int minorVersion = 0; minorVersion <= 2; minorVersion++) {
      changes(input, minorVersion);
    }
    try {
      var in = new XdrReader(Unpooled.wrappedBuffer(input));
      ExpectedAttributes expected = ExpectedAttributes.decode(in);
      assertThat(in.position()).isLessThanOrEqualTo(input.length);
      assertThat(expected).isNotNull();
    } catch (XdrException malformed) {
      assertThat(malformed.getMessage()).isNotEmpty();
    }
  }

  private static void changes(byte[] input, int minorVersion) {
    try {
      var in = new XdrReader(Unpooled.wrappedBuffer(input));
      AttributeChanges changes = AttributeChanges.decode(in, minorVersion);
      assertThat(in.position()).isLessThanOrEqualTo(input.length);
      if (changes.verdict() == Status.OK) {
        assertThat(changes.given().minus(Attributes.SETTABLE).isEmpty()).isTrue();
        assertThat(changes.modeAfter(0) & ~changes.mode()).isZero();
        long owner = AttributeChanges.numericId(changes.owner());
        assertThat(owner).isBetween(-1L, 0xffff_ffffL);
      }
    } catch (XdrException malformed) {
      assertThat(malformed.getMessage()).isNotEmpty();
    }
  }
}
