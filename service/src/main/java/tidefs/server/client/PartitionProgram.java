package tidefs.server.client;

import tidefs.base.Chance;
import tidefs.rpc.RpcCall;
import tidefs.rpc.RpcProgram;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * What the proxy of {@code mount.efs} asks on each new connection: to which part of the server does
 * it lead? Here all lead to the same, so that the proxy may spread one session over several.
 */
public final class PartitionProgram implements RpcProgram {
  private static final int NUMBER = 400_123;
  private static final int BIND_CLIENT = 2;
  private static final int CHANNEL_INIT = 3;
  private static final int IDENTIFIER_BYTES = 16;
  private static final int INCARNATION_BYTES = 8;
  private static final int PARTITION_BYTES = 64;
  private static final int READY = 3;
  private static final int INVALID = 2;
  private static final int MOST_CONNECTIONS = 5;
  private static final int SCALE_UP_BYTES_PER_SECOND = 300 << 20;
  private static final int SCALE_UP_SECONDS = 1;
  private static final int LOOK_BACK_SECONDS = 1;

  private final Opaque partition;

  /** The program of a server that has just started. */
  public PartitionProgram(Chance chance) {
    byte[] id = new byte[PARTITION_BYTES];
    chance.fill(id);
    partition = Opaque.wrap(id);
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public int lowestVersion() {
    return 1;
  }

  @Override
  public int highestVersion() {
    return 1;
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case BIND_CLIENT -> bind(call);
      case CHANNEL_INIT -> {
        call.reply().int32(INVALID); // Reading past the server is not of this kind of file system.
        call.send();
      }
      default -> call.procedureUnavailable();
    }
  }

  private void bind(RpcCall call) {
    XdrReader in = call.arguments();
    try {
      in.skipOpaque(IDENTIFIER_BYTES);
      in.skipOpaque(INCARNATION_BYTES);
    } catch (XdrException malformed) {
      call.garbageArguments();
      return;
    }
    XdrWriter out = call.reply();
    out.int32(READY);
    out.fixedOpaque(partition);
    out.int32(MOST_CONNECTIONS);
    out.int32(SCALE_UP_BYTES_PER_SECOND);
    out.int32(SCALE_UP_SECONDS);
    out.int32(LOOK_BACK_SECONDS);
    call.send();
  }
}
