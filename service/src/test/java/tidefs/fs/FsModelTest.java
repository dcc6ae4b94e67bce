package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.store.StoreResources;
import tidefs.store.crypt.DataKey;

/**
 * Random operations of several users on a file system and on the plain model, compared step by
 * step. {@code -Dtidefs.model.operations=} sets how many, {@code -Dtidefs.model.seed=} replays a
 * run; a failure is replayed with ever shorter prefixes whose end checks everything, until the step
 * that broke it is found.
 */
final class FsModelTest {
  private static final int OPERATIONS = Integer.getInteger("tidefs.model.operations", 5_000);
  private static final int RUN_OPERATIONS = 20_000;
  private static StoreResources resources;
  @TempDir private Path directory;
  private int runs;
  private Optional<DataKey> key = Optional.empty();

  @BeforeAll
  static void open() {
    resources = new StoreResources(32L << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
  }

  @Test
  void aFileSystemDoesWhatTheModelDoes() {
    check(false);
  }

  @Test
  void anEncryptedFileSystemDoesWhatTheModelDoes() {
    key = Optional.of(DataKey.random(Chance.system()));
    check(false);
  }

  @Test
  void aFileSystemDoesWhatTheModelDoesWhileFilesMoveBetweenStorageClasses() {
    check(true);
  }

  private void check(boolean moves) {
    long seed = Long.getLong("tidefs.model.seed", Chance.system().nextLong());
    for (int done = 0; done < OPERATIONS; done += RUN_OPERATIONS, seed++) {
      int count = Math.min(RUN_OPERATIONS, OPERATIONS - done);
      String failure = run(seed, count, moves);
      if (!failure.isEmpty()) {
        assertThat(shortest(seed, count, moves) + failure)
            .as("replay with -Dtidefs.model.seed=%d -Dtidefs.model.operations=%d", seed, count)
            .isEmpty();
      }
    }
  }

  /** The shortest prefix that fails, found by halves, and how. */
  private String shortest(long seed, int failing, boolean moves) {
    int good = 0;
    int bad = failing;
    String how = "";
    while (bad - good > 1) {
      int middle = (good + bad) / 2;
      String failure = run(seed, middle, moves);
      if (failure.isEmpty()) {
        good = middle;
      } else {
        bad = middle;
        how = failure;
      }
    }
    return "the first " + bad + " operations fail: " + how + "\nat first: ";
  }

  private String run(long seed, int count, boolean moves) {
    try {
      Path place = Files.createDirectory(directory.resolve("run" + runs++));
      try (ModelRun run = new ModelRun(place, resources, seed, key, moves)) {
        for (int i = 0; i < count; i++) {
          run.step();
        }
        run.finish();
        return "";
      } catch (AssertionError | RuntimeException | FsException e) {
        java.io.StringWriter trace = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(trace));
        return trace.toString();
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
