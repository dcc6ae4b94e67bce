package tidefs.server.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import tidefs.base.Clock;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.testkit.Compound;
import tidefs.testkit.Credentials;
import tidefs.testkit.MountCertificate;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.RpcSocket;

/**
 * What TLS costs: one client writes and reads a file in pieces of 1 MiB, eight requests under way,
 * plain and encrypted in turn, on the mount target of a running server. {@code bench/tls} runs it.
 */
public final class TlsThroughput {
  private static final int PIECE = 1 << 20;
  private static final int SLOTS = 8;

  private TlsThroughput() {}

  /** Arguments: address, port, file system's id, MiB of the file, rounds, the server's process. */
  public static void main(String[] arguments) throws IOException {
    InetSocketAddress server = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    var tls = MountCertificate.of(arguments[2], Clock.system().now()).tls();
    int pieces = Integer.parseInt(arguments[3]);
    int rounds = Integer.parseInt(arguments[4]);
    List<NfsWire.Dialer> ways =
        List.of(() -> new RpcSocket(server), () -> new RpcSocket(server, tls));
    ProcessHandle process = ProcessHandle.of(Long.parseLong(arguments[5])).orElseThrow();
    double[][] rates = new double[8][rounds];
    for (int round = -1; round < rounds; round++) { // The first warms up and does not count.
      for (int way = 0; way < ways.size(); way++) {
        String name = "tls-" + way + "-" + round;
        double[] measured = measure(ways.get(way), name, pieces, process);
        for (int i = 0; round >= 0 && i < measured.length; i++) {
          rates[measured.length * way + i][round] = measured[i];
        }
      }
    }
    double[] medians = new double[rates.length];
    for (int i = 0; i < medians.length; i++) {
      Arrays.sort(rates[i]);
      medians[i] = rates[i][rounds / 2];
    }
    for (int i = 0; i < 2; i++) {
      System.out.printf(
          "%-5s  plain %6.0f  TLS %6.0f MiB/s  ratio %.2f;  server's processor time ratio %.2f%n",
          i == 0 ? "write" : "read",
          medians[i],
          medians[4 + i],
          medians[i] / medians[4 + i],
          medians[6 + i] / medians[2 + i]);
    }
  }

  /** MiB a second of writing, to the COMMIT, and of reading; the server's milliseconds for each. */
  private static double[] measure(
      NfsWire.Dialer dialer, String name, int pieces, ProcessHandle process) throws IOException {
    NfsWire wire = new NfsWire(dialer, 1, Credentials.ROOT, name, 1);
    wire.establish();
    wire.reclaimComplete();
    try (NfsClient client = NfsClient.over(wire)) {
      var open = client.openOrCreate(client.root(), name, NewAttributes.none().mode(0600));
      client.setattr(open.handle(), NewAttributes.none().size(0));
      FileHandle file = open.handle();
      StateId state = open.stateId();
      byte[] piece = new byte[PIECE];
      Arrays.fill(piece, (byte) 42);
      double[] spent = {spent(process), 0, 0};
      long begun = Clock.system().monotonicNanos();
      pipeline(
          wire,
          pieces,
          (compound, at) -> compound.putFh(file).write(state, at, Stability.UNSTABLE, piece));
      client.commit(file);
      long written = Clock.system().monotonicNanos();
      spent[1] = spent(process);
      long between = Clock.system().monotonicNanos();
      pipeline(wire, pieces, (compound, at) -> compound.putFh(file).read(state, at, PIECE));
      long read = Clock.system().monotonicNanos();
      spent[2] = spent(process);
      client.close(open);
      client.remove(client.root(), name);
      return new double[] {
        pieces * 1e9 / (written - begun),
        pieces * 1e9 / (read - between),
        spent[1] - spent[0],
        spent[2] - spent[1]
      };
    }
  }

  private static double spent(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  /** Adds the operations on one piece to a COMPOUND. */
  private interface Work {
    Compound at(Compound compound, long offset);
  }

  private static void pipeline(NfsWire wire, int pieces, Work work) throws IOException {
    Queue<Integer> underWay = new ArrayDeque<>();
    for (int i = 0; i < pieces + SLOTS; i++) {
      if (underWay.size() == SLOTS || i >= pieces) {
        Integer next = underWay.poll();
        if (next != null) {
          wire.receive(next).ok();
        }
      }
      if (i < pieces) {
        underWay.add(wire.send(work.at(wire.uncached(i % SLOTS), (long) i * PIECE)));
      }
    }
  }
}
