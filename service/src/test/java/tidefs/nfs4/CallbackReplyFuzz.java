package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import tidefs.nfs4.op.Status;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** What a client answers to a CB_COMPOUND, under any bytes: CB_SEQUENCE and one operation. */
public final class CallbackReplyFuzz {
  /** The least that lies before the second result: status, tag, count, and all of CB_SEQUENCE. */
  private static final int BEFORE_RESULT_BYTES = 5 * Integer.BYTES + 2 * Long.BYTES + 16 + 4;

  private CallbackReplyFuzz() {}

  /** One input: the results of CB_COMPOUND. */
  public static void fuzzerTestOneInput(byte[] input) {
    ByteBuf bytes = Unpooled.wrappedBuffer(input);
    var in = new XdrReader(bytes);
    try {
      int status = CallbackCompound.decodeSequence(in);
      assertThat(in.position()).isLessThanOrEqualTo(input.length);
      if (status == Status.OK.code() && in.position() >= BEFORE_RESULT_BYTES) {
        int before = in.position();
        var held = Callback.GetAttr.decode(in);
        assertThat(in.position()).isBetween(before + Integer.BYTES, input.length);
        if (bytes.getInt(before) != Status.OK.code()) {
          assertThat(held).isEmpty();
        }
      }
    } catch (XdrException malformed) {
      assertThat(malformed).hasMessageMatching("\\p{ASCII}+");
    }
    assertThat(bytes.refCnt()).isOne();
  }
}
