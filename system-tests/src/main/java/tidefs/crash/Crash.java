package tidefs.crash;

import java.io.PrintStream;
import tidefs.system.Checkout;
import tidefs.system.TideFsServer;

/**
 * A crash run by hand, as long as one likes: {@code Crash KILLS SEED [new]}; {@code new} leaves the
 * clients on 4.0 out, whose grace periods take longest. What a failure leaves is kept.
 */
final class Crash {
  private Crash() {}

  static void main(String[] arguments) {
    PrintStream out = System.err;
    int kills = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    boolean oldClients = arguments.length < 3;
    try (TideFsServer server =
        TideFsServer.create(
            Checkout.logs("crash-run-" + seed), oldClients ? 5 : 6, oldClients ? 6 : 180)) {
      CrashRun.Report report;
      try {
        report = new CrashRun(server, seed, oldClients).run(kills);
      } catch (AssertionError e) {
        server.keep();
        out.printf("seed %d:%n", seed);
        throw e;
      }
      out.printf("seed %d: %s%n", seed, report);
    }
  }
}
