package tidefs.store.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.MirroredPlace;
import tidefs.store.ObjectCache;
import tidefs.store.ObjectChunkStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;

/** Chunks as objects in a directory: what comes back is what was written, or a fault. */
final class ObjectChunkStoreTest {
  private static final ChunkId CHUNK = new ChunkId(7, -3, 1);

  @TempDir private Path directory;

  private ObjectChunkStore open() {
    DirectoryPlace place = DirectoryPlace.at(directory.resolve("fs").resolve("cold"));
    return new ObjectChunkStore(
        () -> place, RecordCipher.NONE, new ObjectCache(8 << 20), Runnable::run);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] read(ChunkStore store, ChunkId chunk, int offset, int count) {
    ByteBuffer target = ByteBuffer.allocateDirect(count);
    store.read(chunk, offset, target).join();
    byte[] bytes = new byte[count];
    target.get(0, bytes);
    return bytes;
  }

  private Path only() throws IOException {
    return only(directory);
  }

  private static Path only(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Test
  void aChunkComesBackInPiecesAndWhole() {
    byte[] bytes = new byte[3 << 20];
    new Random(1).nextBytes(bytes);
    try (ObjectChunkStore store = open()) {
      store.write(CHUNK, 0, direct(bytes)).join();
      store.sync(List.of(CHUNK)).join();

      assertThat(read(store, CHUNK, 0, bytes.length)).isEqualTo(bytes);
      assertThat(read(store, CHUNK, 100, 50)).isEqualTo(Arrays.copyOfRange(bytes, 100, 150));
      assertThat(read(store, CHUNK, bytes.length - 1, 3))
          .containsExactly(bytes[bytes.length - 1], 0, 0);
    }
  }

  @Test
  void aChunkThatRepeatsItselfTakesLittleRoom() throws IOException {
    try (ObjectChunkStore store = open()) {
      store.write(CHUNK, 0, direct(new byte[ChunkStore.CHUNK_BYTES])).join();

      assertThat(Files.size(only())).isLessThan(1_000);
    }
  }

  @Test
  void aChunkThatIsMissingIsAFaultAndNotZeros() {
    try (ObjectChunkStore store = open()) {
      assertThatThrownBy(() -> read(store, CHUNK, 0, 10)).hasCauseInstanceOf(StoreFault.class);
    }
  }

  @Test
  void noBitOfAChunksFileFlipsUnnoticed() throws IOException {
    byte[] small = image("some words and some more words".getBytes(UTF_8));
    for (int bit = 0; bit < small.length * 8; bit++) {
      checkFlipped(small, bit);
    }
    byte[] large = new byte[2 << 20];
    Random random = new Random(2);
    random.nextBytes(large);
    byte[] image = image(large);
    for (int i = 0; i < 100; i++) {
      checkFlipped(image, random.nextInt(image.length * 8));
    }
  }

  private byte[] image(byte[] bytes) throws IOException {
    try (ObjectChunkStore store = open()) {
      store.write(CHUNK, 0, direct(bytes)).join();
    }
    return Files.readAllBytes(only());
  }

  private void checkFlipped(byte[] image, int bit) throws IOException {
    byte[] flipped = image.clone();
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    Files.write(only(), flipped);
    try (ObjectChunkStore store = open()) {
      assertThatThrownBy(() -> read(store, CHUNK, 0, 10))
          .as("bit %d", bit)
          .hasCauseInstanceOf(StoreFault.class);
      assertThat(store.damaged()).isEqualTo(1);
    }
  }

  @Test
  void aCheckReadsTheSecondCopyAndNotTheMemory() throws IOException {
    Path near = directory.resolve("near/cold");
    Path far = directory.resolve("far/cold");
    MirroredPlace places =
        new MirroredPlace(List.of(DirectoryPlace.at(near), DirectoryPlace.at(far)));
    try (ObjectChunkStore store =
        new ObjectChunkStore(
            () -> places, RecordCipher.NONE, new ObjectCache(8 << 20), Runnable::run)) {
      store.write(CHUNK, 0, direct(new byte[5_000])).join();
      assertThat(read(store, CHUNK, 0, 10)).containsOnly(0); // It is in memory now.
      Path copy = only(far);
      byte[] image = Files.readAllBytes(copy);
      byte[] flipped = image.clone();
      flipped[flipped.length - 1] ^= 1;
      Files.write(copy, flipped);
      store.verify(CHUNK, direct(new byte[1])).join();
      assertThat(Files.readAllBytes(copy)).isEqualTo(image);
      assertThat(store.damaged()).isEqualTo(1);

      Files.write(only(near), flipped);
      Files.write(copy, flipped);
      assertThatThrownBy(() -> store.verify(CHUNK, direct(new byte[1])).join())
          .hasCauseInstanceOf(StoreFault.class);
    }
  }

  @Test
  void aChunkInTheNameOfAnotherIsNoticed() throws IOException {
    byte[] image = image(new byte[5_000]);
    Files.delete(only());
    image(new byte[6_000]);
    try (ObjectChunkStore store = open()) {
      store.remove(CHUNK).join();
      store.write(new ChunkId(8, -3, 1), 0, direct(new byte[5_000])).join();
      Files.write(only(), image);
      assertThatThrownBy(() -> read(store, new ChunkId(8, -3, 1), 0, 10))
          .hasCauseInstanceOf(StoreFault.class);
    }
  }
}
