package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * The header of an RPC call under any bytes, read twice by one decoder: what is remembered of the
 * first reading must not change the second.
 */
public final class CallHeaderFuzz {
  private CallHeaderFuzz() {}

  /** One input: a call from its program number on. */
  public static void fuzzerTestOneInput(byte[] input) {
    var decoder = new CallDecoder();
    String first = read(decoder, input);
    assertThat(read(decoder, input)).isEqualTo(first);
  }

  private static String read(CallDecoder decoder, byte[] input) {
    ByteBuf record = Unpooled.wrappedBuffer(input);
    var in = new XdrReader(record);
    try {
      decoder.target(in);
      AuthStatus refused = decoder.authentication(record, in);
      if (decoder.credentials() instanceof AuthSys sys) {
        assertThat(sys.gidCount()).isLessThanOrEqualTo(Limits.GIDS);
        return "user " + sys.uid() + ':' + sys.gid() + " at " + in.position();
      }
      return refused == null ? "nobody at " + in.position() : refused.name();
    } catch (XdrException malformed) {
      return "malformed";
    }
  }
}
