package tidefs.nfs4.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** A COMPOUND under any bytes: its header, then one operation after the other until one fails. */
public final class CompoundFuzz {
  private static final int OPERATIONS = 128;
  private static final int MINOR_VERSIONS = 3;

  private CompoundFuzz() {}

  /** One input: the arguments of COMPOUND. */
  public static void fuzzerTestOneInput(byte[] input) {
    ByteBuf bytes = Unpooled.wrappedBuffer(input);
    var in = new XdrReader(bytes);
    try {
      CompoundHeader header = CompoundHeader.decode(in);
      assertThat(header.tag().length()).isLessThanOrEqualTo(Limits.TAG_BYTES);
      int minorVersion = Integer.remainderUnsigned(header.minorVersion(), MINOR_VERSIONS);
      for (int count = 0; count < OPERATIONS && in.remaining() > 0; count++) {
        int before = in.position();
        int code = in.int32();
        Op op = Op.decode(code, in, minorVersion);
        assertThat(op.code()).isIn(code, Illegal.CODE);
        assertThat(in.position()).isBetween(before + Integer.BYTES, input.length);
        assertThat(op.refused(Status.DELAY).status()).isEqualTo(Status.DELAY);
        if (op instanceof Illegal) {
          return;
        }
      }
    } catch (XdrException malformed) {
      assertThat(malformed).hasMessageMatching("\\p{ASCII}+");
    }
    assertThat(bytes.refCnt()).isOne();
  }
}
