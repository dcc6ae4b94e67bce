package tidefs.rpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import tidefs.base.Clock;
import tidefs.xdr.XdrWriter;

/**
 * Serves a program that does nothing but answer with so many bytes: what RPC itself costs.
 * Arguments: port, bytes of a reply with its header, event loops.
 */
final class EchoBench {
  private static final int HEADER_BYTES = 24;

  private EchoBench() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    byte[] results = new byte[Integer.parseInt(arguments[1]) - HEADER_BYTES];
    int threads = Integer.parseInt(arguments[2]);
    var program = new Echo(results);
    var server =
        new RpcServer(List.of(program), Limits.DEFAULTS, TlsPolicy.REFUSE, Clock.system(), threads);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    System.out.println("READY");
    Thread.currentThread().join();
  }

  private record Echo(byte[] results) implements RpcProgram {
    @Override
    public int number() {
      return 100003;
    }

    @Override
    public int lowestVersion() {
      return 4;
    }

    @Override
    public int highestVersion() {
      return 4;
    }

    @Override
    public void call(RpcCall call) {
      XdrWriter out = call.reply(results.length);
      out.beginOpaque(results.length - Integer.BYTES).put(results, 0, results.length - 4);
      out.endOpaque(results.length - Integer.BYTES);
      call.send();
    }
  }
}
