package tidefs.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import tidefs.base.Clock;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/**
 * What encryption costs a client on the same host: 1 MiB sequential writes and reads and random
 * reads of 4 KiB, in turns on an encrypted file system and one that is not. Takes a folder.
 */
final class EncryptionBenchmark {
  private static final int MIB = 1 << 20;
  private static final int FILE_MIBS = 128;
  private static final int ROUNDS = 5;
  private static final int PAGE_BYTES = 4096;
  private static final int PAGES = 4_000;

  private final Random random = new Random(1);
  private final byte[] block = new byte[MIB];

  private EncryptionBenchmark() {
    random.nextBytes(block);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String plain = server.create("plain", "");
      String encrypted = server.create("encrypted", ",\"Encrypted\":true");
      new EncryptionBenchmark().compare(server, plain, encrypted);
    }
  }

  private void compare(ServerProcess server, String plain, String encrypted) throws Exception {
    try (NfsClient one = server.client(plain);
        NfsClient other = server.client(encrypted)) {
      OpenFile plainFile = one.create(one.root(), "file", 0600);
      OpenFile encryptedFile = other.create(other.root(), "file", 0600);
      double[] plainSeconds = new double[3];
      double[] encryptedSeconds = new double[3];
      round(one, plainFile, plainSeconds);
      round(other, encryptedFile, encryptedSeconds);
      java.util.Arrays.fill(plainSeconds, 0); // The first round was to warm up.
      java.util.Arrays.fill(encryptedSeconds, 0);
      for (int i = 0; i < ROUNDS; i++) {
        round(one, plainFile, plainSeconds);
        round(other, encryptedFile, encryptedSeconds);
      }
      double mibs = (double) ROUNDS * FILE_MIBS;
      print("1 MiB sequential write, MiB/s", mibs, plainSeconds[0], encryptedSeconds[0]);
      print("1 MiB sequential read, MiB/s", mibs, plainSeconds[1], encryptedSeconds[1]);
      double pages = (double) ROUNDS * PAGES;
      print("4 KiB random read, 1/s", pages, plainSeconds[2], encryptedSeconds[2]);
    }
  }

  private void round(NfsClient client, OpenFile file, double[] seconds) throws Exception {
    Clock clock = Clock.system();
    long start = clock.monotonicNanos();
    for (int i = 0; i < FILE_MIBS; i++) {
      client.write(file, (long) i * MIB, Stability.UNSTABLE, block);
    }
    client.commit(file.handle());
    long written = clock.monotonicNanos();
    for (int i = 0; i < FILE_MIBS; i++) {
      client.read(file, (long) i * MIB, MIB);
    }
    long read = clock.monotonicNanos();
    for (int i = 0; i < PAGES; i++) {
      long page = random.nextInt(FILE_MIBS * MIB / PAGE_BYTES);
      client.read(file, page * PAGE_BYTES, PAGE_BYTES);
    }
    seconds[0] += (written - start) / 1e9;
    seconds[1] += (read - written) / 1e9;
    seconds[2] += (clock.monotonicNanos() - read) / 1e9;
  }

  private static void print(String what, double count, double plain, double encrypted) {
    System.err.printf(
        Locale.ROOT,
        "%-32s %10.0f plain %10.0f encrypted %5.0f %%%n",
        what,
        count / plain,
        count / encrypted,
        100 * plain / encrypted);
  }
}
