package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.base.Invariant;

/** What every chunk store does. */
public abstract class ChunkStoreContract {
  protected static final ChunkId CHUNK = new ChunkId(7, 1, 0);

  /** The store under test. */
  protected ChunkStore store;

  /** Opens the medium of this test. */
  protected abstract ChunkStore open();

  @BeforeEach
  protected void openStore() {
    store = open();
  }

  @AfterEach
  protected void closeStore() {
    store.close();
  }

  protected static ByteBuffer direct(byte... bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  protected byte[] read(ChunkId chunk, int offset, int length) {
    ByteBuffer target = ByteBuffer.allocateDirect(length + 2);
    for (int i = 0; i < target.capacity(); i++) {
      target.put(i, (byte) 0x55);
    }
    target.position(1).limit(length + 1);
    store.read(chunk, offset, target).join();
    assertThat(target.position()).isEqualTo(1);
    assertThat(target.limit()).isEqualTo(length + 1);
    target.clear();
    assertThat(target.get(0)).isEqualTo((byte) 0x55);
    assertThat(target.get(length + 1)).isEqualTo((byte) 0x55);
    byte[] bytes = new byte[length];
    target.get(1, bytes);
    return bytes;
  }

  protected void write(ChunkId chunk, int offset, byte... bytes) {
    ByteBuffer source = ByteBuffer.allocateDirect(bytes.length + 2);
    source.put(1, bytes).position(1).limit(bytes.length + 1);
    store.write(chunk, offset, source).join();
    assertThat(source.remaining()).isEqualTo(bytes.length);
  }

  @Test
  protected void whatWasNeverWrittenReadsAsZeros() {
    assertThat(read(CHUNK, 0, 100)).containsOnly(0);
    write(CHUNK, 10, (byte) 1, (byte) 2);
    assertThat(read(CHUNK, 9, 4)).containsExactly(0, 1, 2, 0);
    assertThat(read(CHUNK, 12, 100)).containsOnly(0);
    assertThat(read(CHUNK, ChunkStore.CHUNK_BYTES - 3, 3)).containsOnly(0);
  }

  @Test
  protected void chunksAreApart() {
    List<ChunkId> chunks =
        List.of(
            new ChunkId(1, 0, 0),
            new ChunkId(1, 0, 1),
            new ChunkId(1, 1, 0),
            new ChunkId(2, 0, 0),
            new ChunkId(-1, -1, Integer.MAX_VALUE));
    for (int i = 0; i < chunks.size(); i++) {
      write(chunks.get(i), 0, (byte) (i + 1));
    }
    for (int i = 0; i < chunks.size(); i++) {
      assertThat(read(chunks.get(i), 0, 2)).containsExactly(i + 1, 0);
    }
  }

  @Test
  protected void truncationLeavesZerosBehindIt() {
    write(CHUNK, 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    store.truncate(CHUNK, 10).join();
    assertThat(read(CHUNK, 0, 5)).containsExactly(1, 2, 3, 4, 0);
    store.truncate(CHUNK, 2).join();
    assertThat(read(CHUNK, 0, 5)).containsExactly(1, 2, 0, 0, 0);
    write(CHUNK, 3, (byte) 9);
    assertThat(read(CHUNK, 0, 5)).containsExactly(1, 2, 0, 9, 0);
    store.truncate(CHUNK, 0).join();
    assertThat(read(CHUNK, 0, 5)).containsOnly(0);
    store.truncate(new ChunkId(99, 0, 0), 0).join();
  }

  @Test
  protected void aRemovedChunkReadsAsZerosAndCanBeWrittenAgain() {
    write(CHUNK, 0, (byte) 1);
    store.sync(List.of(CHUNK)).join();
    store.remove(CHUNK).join();
    assertThat(read(CHUNK, 0, 1)).containsExactly(0);
    store.sync(List.of(CHUNK)).join();
    write(CHUNK, 1, (byte) 2);
    assertThat(read(CHUNK, 0, 2)).containsExactly(0, 2);
    store.remove(new ChunkId(99, 0, 0)).join();
  }

  @Test
  protected void whatWasSyncedIsThereAfterAReopen() {
    write(CHUNK, 5, (byte) 1);
    store.sync(List.of(CHUNK, new ChunkId(99, 0, 0))).join();
    store.close();
    store = open();
    assertThat(read(CHUNK, 4, 3)).containsExactly(0, 1, 0);
  }

  @Test
  protected void whatLiesOutsideOfTheChunkIsABug() {
    ByteBuffer two = ByteBuffer.allocateDirect(2);
    assertThatThrownBy(() -> store.write(CHUNK, ChunkStore.CHUNK_BYTES - 1, two))
        .isInstanceOf(Invariant.Broken.class);
    assertThatThrownBy(() -> store.read(CHUNK, -1, two)).isInstanceOf(Invariant.Broken.class);
    assertThatThrownBy(() -> store.read(CHUNK, 0, ByteBuffer.allocate(1)))
        .isInstanceOf(Invariant.Broken.class);
    write(CHUNK, ChunkStore.CHUNK_BYTES - 2, (byte) 1, (byte) 2);
    assertThat(read(CHUNK, ChunkStore.CHUNK_BYTES - 2, 2)).containsExactly(1, 2);
  }

  @Test
  protected void randomCallsAgreeWithAModel() {
    long seed = Long.getLong("seed", 42);
    Random random = new Random(seed);
    byte[][] model = new byte[4][64 << 10];
    for (int step = 0; step < 3000; step++) {
      int file = random.nextInt(model.length);
      ChunkId chunk = new ChunkId(file, 0, 0);
      int offset = random.nextInt(60 << 10);
      int length = random.nextInt(4 << 10);
      switch (random.nextInt(10)) {
        case 0 -> {
          store.truncate(chunk, offset).join();
          Arrays.fill(model[file], offset, model[file].length, (byte) 0);
        }
        case 1 -> store.sync(List.of(chunk)).join();
        case 2 -> {
          if (random.nextInt(10) == 0) {
            store.remove(chunk).join();
            model[file] = new byte[64 << 10];
          }
        }
        case 3, 4, 5 ->
            assertThat(read(chunk, offset, length))
                .as("seed %d step %d", seed, step)
                .isEqualTo(Arrays.copyOfRange(model[file], offset, offset + length));
        default -> {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          write(chunk, offset, bytes);
          System.arraycopy(bytes, 0, model[file], offset, length);
        }
      }
    }
  }

  @Test
  protected void concurrentWritesToTheirOwnRangesAreAllThere() {
    int threads = 8;
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      byte mine = (byte) (thread + 1);
      int at = thread;
      all.add(
          CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 50; i++) {
              ChunkId chunk = new ChunkId(i % 10, 0, 0);
              store.write(chunk, i * 64 + at, direct(mine)).join();
              store.sync(List.of(chunk)).join();
            }
          }));
    }
    all.forEach(CompletableFuture::join);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = read(new ChunkId(i % 10, 0, 0), i * 64, threads);
      assertThat(bytes).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  /** The length that is listed of a chunk that was written up to {@code length}. */
  protected int listed(int length) {
    return length;
  }

  @Test
  protected void allChunksAreListedWithTheirLengths() {
    Map<ChunkId, Integer> listed = new HashMap<>();
    store.list(listed::put);
    assertThat(listed).isEmpty();
    ChunkId far = new ChunkId(-1, -1, Integer.MAX_VALUE);
    write(CHUNK, 10, (byte) 1, (byte) 2);
    write(far, 0, (byte) 1);
    write(new ChunkId(7, 1, 1), 0, (byte) 1);
    store.remove(new ChunkId(7, 1, 1)).join();
    store.list(listed::put);
    assertThat(listed).containsOnly(Map.entry(CHUNK, listed(12)), Map.entry(far, listed(1)));
  }
}
