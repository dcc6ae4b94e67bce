package tidefs.nfs4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tidefs.bench.BenchCommand;
import tidefs.cli.Cli;
import tidefs.nfs4.state.NfsConfig;
import tidefs.store.StoreResources;
import tidefs.testkit.LeakGuard;

/** The load generator, against a server. */
@ExtendWith(LeakGuard.class)
final class LoadTest {
  @TempDir private Path directory;

  @Test
  void everyTestRunsWithoutAnErrorAndReadsWhatItWrote() throws Exception {
    try (StoreResources resources = new StoreResources(32L << 20);
        ServedFileSystem served =
            new ServedFileSystem(directory, resources, NfsConfig.DEFAULTS, false)) {
      for (String test : List.of("seqwrite", "seqread", "randread", "randwrite", "getattr")) {
        String stable = test.equals("randwrite") ? "2" : "0";
        String json = load(served, 0, "-b", "4k", "-s", "256k", "-S", stable, test);
        assertThat(json).as(test).contains("\"errors\":0").contains("\"badstamp\":0");
        assertThat(json).as(test).doesNotContain("\"ops\":0,");
      }
      String json = load(served, 0, "-n", "20", "--report-every", "10", "meta");
      assertThat(json.lines().filter(line -> line.contains("\"errors\":0"))).hasSize(6);
      assertThat(json).contains("\"ops_s_lately\"").doesNotContain("\"badstamp\":1");
    }
  }

  @Test
  void aFileThatIsNotWhatItWroteIsTold() throws Exception {
    try (StoreResources resources = new StoreResources(32L << 20);
        ServedFileSystem served =
            new ServedFileSystem(directory, resources, NfsConfig.DEFAULTS, false)) {
      String _ = load(served, 0, "-b", "4k", "-s", "128k", "seqwrite");
      String longer = load(served, 1, "-b", "4k", "-s", "256k", "randread");
      assertThat(longer).doesNotContain("\"badstamp\":0");
    }
  }

  private static String load(ServedFileSystem served, int status, String... arguments) {
    InetSocketAddress address = served.address();
    List<String> all =
        new ArrayList<>(
            List.of("bench", "nfs", "-H", address.getHostString(), "-p", "" + address.getPort()));
    all.addAll(List.of("-d", "/load", "-j", "2", "-q", "3", "-t", "0.05"));
    all.addAll(List.of("--warm-up", "0.05"));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int ended =
        new Cli(new BenchCommand())
            .run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    assertThat(ended).as("%s%s", err, out).isEqualTo(status);
    return out.toString();
  }
}
