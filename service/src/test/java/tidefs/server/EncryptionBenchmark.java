package tidefs.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tidefs.base.Clock;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/**
 * What encryption costs four clients on the same host: 1 MiB sequential writes and reads and random
 * reads of 4 KiB, in turns on an encrypted file system and one that is not. Takes a folder.
 */
final class EncryptionBenchmark {
  private static final int MIB = 1 << 20;
  private static final int FILE_MIBS = 48;
  private static final int CLIENTS = 4;
  private static final int ROUNDS = 9;
  private static final int PAGE_BYTES = 4096;
  private static final int PAGES = 4_000;

  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private final byte[] block = new byte[MIB];

  private EncryptionBenchmark() {
    new Random(1).nextBytes(block);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String plain = server.create("plain", "");
      String encrypted = server.create("encrypted", ",\"Encrypted\":true");
      EncryptionBenchmark benchmark = new EncryptionBenchmark();
      benchmark.compare(server, plain, encrypted);
      benchmark.threads.close();
    }
  }

  /** Clients of one file system, each with a connection and a file of its own. */
  private record Side(List<NfsClient> clients, List<OpenFile> files, double[][] seconds) {
    static Side open(ServerProcess server, String fileSystem) throws Exception {
      List<NfsClient> clients = new ArrayList<>();
      List<OpenFile> files = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        NfsClient client = server.client(fileSystem);
        clients.add(client);
        files.add(client.create(client.root(), "file" + i, 0600));
      }
      return new Side(clients, files, new double[3][ROUNDS + 1]);
    }
  }

  private void compare(ServerProcess server, String plain, String encrypted) throws Exception {
    Side one = Side.open(server, plain);
    Side other = Side.open(server, encrypted);
    for (int i = 0; i <= ROUNDS; i++) { // The first round is to warm up.
      round(one, i);
      round(other, i);
    }
    double mibs = (double) FILE_MIBS * CLIENTS;
    print("1 MiB sequential write, MiB/s", mibs, one.seconds[0], other.seconds[0]);
    print("1 MiB sequential read, MiB/s", mibs, one.seconds[1], other.seconds[1]);
    double pages = (double) PAGES * CLIENTS;
    print("4 KiB random read, 1/s", pages, one.seconds[2], other.seconds[2]);
  }

  private void round(Side side, int round) {
    Clock clock = Clock.system();
    for (int phase = 0; phase < side.seconds.length; phase++) {
      long start = clock.monotonicNanos();
      CompletableFuture<?>[] all = new CompletableFuture<?>[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) {
        int what = phase;
        int who = i;
        all[i] = CompletableFuture.runAsync(() -> work(what, side, who), threads);
      }
      CompletableFuture.allOf(all).join();
      side.seconds[phase][round] = (clock.monotonicNanos() - start) / 1e9;
    }
  }

  private void work(int phase, Side side, int who) {
    try {
      work(phase, side.clients.get(who), side.files.get(who), new Random(who));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void work(int phase, NfsClient client, OpenFile file, Random random) throws IOException {
    switch (phase) {
      case 0 -> {
        for (int i = 0; i < FILE_MIBS; i++) {
          client.write(file, (long) i * MIB, Stability.UNSTABLE, block);
        }
        client.commit(file.handle());
      }
      case 1 -> {
        for (int i = 0; i < FILE_MIBS; i++) {
          client.read(file, (long) i * MIB, MIB);
        }
      }
      default -> {
        for (int i = 0; i < PAGES; i++) {
          long page = random.nextInt(FILE_MIBS * MIB / PAGE_BYTES);
          client.read(file, page * PAGE_BYTES, PAGE_BYTES);
        }
      }
    }
  }

  private static double median(double[] seconds) {
    double[] sorted = Arrays.copyOfRange(seconds, 1, seconds.length);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(
      String what, double count, double[] plainSeconds, double[] encryptedSeconds) {
    double plain = median(plainSeconds);
    double encrypted = median(encryptedSeconds);
    System.err.printf(
        Locale.ROOT,
        "%-32s %10.0f plain %10.0f encrypted %5.0f %%%n",
        what,
        count / plain,
        count / encrypted,
        100 * plain / encrypted);
  }
}
