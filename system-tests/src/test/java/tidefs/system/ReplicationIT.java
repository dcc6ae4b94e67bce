package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tidefs.crash.CrashRun;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Credentials;
import tidefs.testkit.Entry;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;

/**
 * A file system follows one of another server, in another Region, while clients write and both
 * servers are killed. {@code -Dkills=} says how often.
 */
final class ReplicationIT {
  private static final String REGION = "eu-west-1";
  private static final int MEASURED = 5;
  private static final int REGULAR = 1;
  private static final int DIRECTORY = 2;

  @Test
  void theDestinationIsLikeTheSourceInTheEnd() throws IOException {
    long seed = RandomGenerator.getDefault().nextLong() & 0xffffff;
    int kills = Integer.parseInt(System.getProperty("kills", "6"));
    System.err.printf("replication: seed %d%n", seed);
    Path secret = Files.createTempFile("tidefs-secret-", "");
    Files.writeString(secret, "any");
    int farPort = Checkout.freePort();
    int nearPort = Checkout.freePort();
    String nfs = "nfs:\n  port: %d\n  lease-seconds: 6\n  grace-seconds: 15\n";
    String far = nfs.formatted(farPort) + "region: " + REGION + "\n";
    try (TideFsServer copy = TideFsServer.create(Checkout.logs("replication-to"), farPort, far)) {
      String near =
          nfs.formatted(nearPort)
              + """
              replication:
                interval-seconds: 1
                regions:
                  - name: %s
                    url: %s
                    key-id: AKIAIOSFODNN7EXAMPLE
                    secret-file: %s
              """
                  .formatted(REGION, copy.endpoint(), secret);
      try (TideFsServer source =
          TideFsServer.create(Checkout.logs("replication-from"), nearPort, near)) {
        Pair pair = new Pair(source, copy, new int[] {nearPort, farPort}, new Random(seed));
        CrashRun.Report report = new CrashRun(pair, seed, false).run(kills);
        System.err.printf("seed %d: %s%n", seed, report);
      }
    } finally {
      Files.delete(secret);
    }
  }

  /** The source's server; the destination's dies with it, or instead of nobody. */
  private static final class Pair implements Server {
    private final TideFsServer source;
    private final TideFsServer copy;
    private final int[] ports;
    private final Random random;
    private Export from = new Export("", 0, "", "");
    private Export to = from;
    private String sourceId = "";

    Pair(TideFsServer source, TideFsServer copy, int[] ports, Random random) {
      this.source = source;
      this.copy = copy;
      this.ports = ports;
      this.random = random;
    }

    @Override
    public Export export() {
      sourceId = source.api().createFileSystem();
      from = new Export(source.api().createMountTarget(sourceId), ports[0], "/", "");
      String copyId = source.api().replicate(sourceId, REGION);
      copy.api().awaitFileSystem(copyId);
      to = new Export(copy.api().createMountTarget(copyId), ports[1], "/", "");
      return from;
    }

    @Override
    public void kill() {
      if (random.nextBoolean()) {
        copy.kill();
        copy.restart();
      }
      source.kill();
      if (random.nextBoolean()) {
        copy.kill();
        copy.restart();
      }
    }

    @Override
    public void restart() {
      source.restart();
    }

    @Override
    public void checkStored() {
      source.checkStored();
    }

    @Override
    public void stopAndCheck() {
      try (NfsClient writer = connect(from, 1);
          NfsClient reader = connect(to, 2)) {
        source.api().awaitReplicated(sourceId);
        Map<String, String> wanted = tree(writer);
        assertThat(wanted).hasSizeGreaterThan(10);
        assertThat(tree(reader)).isEqualTo(wanted);
        refusesWrites(reader);
        measure(writer, reader);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      source.api().endReplication(sourceId);
      copy.api().awaitNoReplication();
      try (NfsClient own = connect(to, 3)) {
        own.mkdir(own.root(), "own", 0755);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      source.stopAndCheck();
      copy.stopAndCheck();
    }

    @Override
    public void close() {}

    private static void refusesWrites(NfsClient reader) throws IOException {
      try {
        reader.mkdir(reader.root(), "no", 0755);
        throw new AssertionError("a destination can be written");
      } catch (NfsFailure e) {
        assertThat(e.status()).isEqualTo(Status.ROFS);
      }
    }

    /** How long a change takes to be at the destination. */
    private static void measure(NfsClient writer, NfsClient reader) throws IOException {
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < MEASURED; i++) {
        String name = "measured-" + i;
        OpenFile file = writer.create(writer.root(), name, 0644);
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        writer.write(file, 0, Stability.FILE_SYNC, text);
        writer.close(file);
        long begin = System.nanoTime();
        while (!arrived(reader, name, text)) {
          pause();
        }
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      }
      System.err.printf("a file is at the destination after %s ms%n", millis);
      assertThat(millis).allSatisfy(each -> assertThat(each).isLessThan(60_000));
    }

    private static boolean arrived(NfsClient reader, String name, byte[] text) throws IOException {
      try {
        FileHandle file = reader.lookup(reader.root(), name);
        return java.util.Arrays.equals(reader.readAll(file), text);
      } catch (NfsFailure e) {
        assertThat(e.status()).isEqualTo(Status.NOENT);
        return false;
      }
    }
  }

  private static NfsClient connect(Server.Export export, int number) throws IOException {
    return NfsClient.connect(
        new InetSocketAddress(export.address(), export.port()),
        1,
        Credentials.ROOT,
        "replication-" + number);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What each path leads to, contents as digests. */
  private static Map<String, String> tree(NfsClient client) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    add(client, client.root(), "", lines);
    return lines;
  }

  private static void add(
      NfsClient client, FileHandle directory, String path, Map<String, String> lines)
      throws IOException {
    for (Entry entry :
        client.readdir(
            directory,
            Attribute.TYPE,
            Attribute.CHANGE,
            Attribute.SIZE,
            Attribute.MODE,
            Attribute.NUMLINKS,
            Attribute.FILEID,
            Attribute.SPACE_USED,
            Attribute.TIME_METADATA,
            Attribute.TIME_MODIFY)) {
      FileHandle at = client.lookup(directory, entry.name());
      String line = entry.attributes().toString();
      if (entry.attributes().type() == REGULAR) {
        line += " " + digest(client.readAll(at));
      }
      lines.put(path + "/" + entry.name(), line);
      if (entry.attributes().type() == DIRECTORY) {
        add(client, at, path + "/" + entry.name(), lines);
      }
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
