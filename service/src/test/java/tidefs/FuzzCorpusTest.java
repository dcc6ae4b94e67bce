package tidefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.fs.RedoFuzz;
import tidefs.iam.connect.CertificateFuzz;
import tidefs.nfs4.CallbackReplyFuzz;
import tidefs.nfs4.op.AttributesFuzz;
import tidefs.nfs4.op.CompoundFuzz;
import tidefs.rpc.CallHeaderFuzz;
import tidefs.rpc.RecordFuzz;

/** Replays what the fuzzer found, whole and damaged; {@code fuzz/run} looks for more. */
final class FuzzCorpusTest {
  private static final long SEED = Long.getLong("seed", 20_261_122);
  private static final int DAMAGES = Integer.getInteger("damages", 50);

  private static final Map<String, Consumer<byte[]>> TARGETS =
      Map.of(
          "records", RecordFuzz::fuzzerTestOneInput,
          "calls", CallHeaderFuzz::fuzzerTestOneInput,
          "compounds", CompoundFuzz::fuzzerTestOneInput,
          "attributes", AttributesFuzz::fuzzerTestOneInput,
          "callbacks", CallbackReplyFuzz::fuzzerTestOneInput,
          "redo", RedoFuzz::fuzzerTestOneInput,
          "certificates", CertificateFuzz::fuzzerTestOneInput);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "records",
        "calls",
        "compounds",
        "attributes",
        "callbacks",
        "redo",
        "certificates"
      })
  void decodersBearWhatTheFuzzerFound(String name) throws IOException {
    List<Path> corpus;
    try (Stream<Path> files = Files.list(Checkout.ROOT.resolve("fuzz/corpus").resolve(name))) {
      corpus = files.sorted().toList();
    }
    assertThat(corpus).isNotEmpty();
    Consumer<byte[]> target = TARGETS.get(name);
    var random = new SplittableRandom(SEED);
    for (Path file : corpus) {
      byte[] input = Files.readAllBytes(file);
      target.accept(input);
      for (int damage = 0; damage < DAMAGES && input.length > 0; damage++) {
        byte[] damaged = input.clone();
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        target.accept(damaged);
      }
    }
  }
}
