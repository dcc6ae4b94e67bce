package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidefs.control.MeteredSize;
import tidefs.testkit.MemoryKeyValueStore;

class MeteredSizesTest {
  private static final MeteredSize SMALL =
      new MeteredSize(6_144, 0, 0, Instant.ofEpochMilli(1_000));
  private static final MeteredSize LARGE =
      new MeteredSize(1L << 40, 7, 9, Instant.ofEpochMilli(2_000));

  private final MemoryKeyValueStore store = new MemoryKeyValueStore();

  @Test
  void sizesAreKnownToTheNextProcess() {
    MeteredSizes sizes = new MeteredSizes(store);
    sizes.keep(Map.of("fs-1", SMALL, "fs-2", SMALL));
    sizes.keep(Map.of("fs-2", LARGE));
    MeteredSizes next = new MeteredSizes(store);
    assertThat(next.of("fs-1")).contains(SMALL);
    assertThat(next.of("fs-2")).contains(LARGE);
    assertThat(next.of("fs-3")).isEmpty();
  }

  @Test
  void aFileSystemThatIsGoneIsForgotten() {
    MeteredSizes sizes = new MeteredSizes(store);
    sizes.keep(Map.of("fs-1", SMALL, "fs-2", LARGE));
    sizes.forget("fs-1");
    assertThat(sizes.of("fs-1")).isEmpty();
    assertThat(new MeteredSizes(store).of("fs-1")).isEmpty();
    assertThat(new MeteredSizes(store).of("fs-2")).contains(LARGE);
  }

  @Test
  void aSizeThatStaysIsNotWrittenAgain() {
    MeteredSizes sizes = new MeteredSizes(store);
    sizes.keep(Map.of("fs-1", SMALL));
    sizes.keep(Map.of("fs-1", new MeteredSize(6_144, 0, 0, Instant.ofEpochMilli(9_000))));
    assertThat(new MeteredSizes(store).of("fs-1")).contains(SMALL);
    assertThat(sizes.of("fs-1").orElseThrow().takenAt()).isEqualTo(Instant.ofEpochMilli(9_000));
  }
}
