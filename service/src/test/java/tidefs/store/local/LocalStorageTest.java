package tidefs.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;

final class LocalStorageTest {
  private static StoreResources resources;
  @TempDir private Path directory;

  @BeforeAll
  static void open() {
    resources = new StoreResources(32L << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
  }

  private LocalStorage storage() {
    return LocalStorage.open(
        directory.resolve("data"), resources, Clock.system(), Chance.system(), 64L << 20);
  }

  @Test
  void aStorageKeepsWhatItWasGiven() {
    for (byte i = 0; i < 5; i++) {
      ByteBuffer one = ByteBuffer.allocateDirect(1).put(0, i);
      ChunkId chunk = new ChunkId(1, 0, 0);
      try (LocalStorage storage = storage();
          MetadataStore metadata = storage.metadata("fs-1");
          ChunkStore chunks = storage.chunks("fs-1")) {
        if (i > 0) {
          assertThat(metadata.get(new byte[] {1}, Blocking.ALLOWED)).hasValue(new byte[] {i});
          chunks.read(chunk, 0, one).join();
          assertThat(one.get(0)).isEqualTo(i);
        }
        assertThat(metadata.appliedSequence()).isEqualTo(i);
        one.put(0, (byte) (i + 1));
        chunks.write(chunk, 0, one).join();
        chunks.sync(List.of(chunk)).join();
        byte[] value = {(byte) (i + 1)};
        metadata.apply(new Batch().put(new byte[] {1}, value), Blocking.ALLOWED);
        metadata.awaitDurable(i + 1);
        metadata.verify();
      }
    }
  }

  @Test
  void aShardIsOpenedAgainByTheSameProcessAndTheNext() {
    for (int process = 0; process < 2; process++) {
      try (LocalStorage storage = storage()) {
        for (byte i = 1; i <= 3; i++) {
          try (MetadataStore metadata = storage.metadata("fs-1")) {
            long sequence = process * 3 + i;
            assertThat(metadata.appliedSequence()).isEqualTo(sequence - 1);
            metadata.apply(new Batch().put(new byte[] {i}, new byte[] {i}), Blocking.ALLOWED);
            metadata.awaitDurable(sequence);
            metadata.verify();
          }
        }
      }
    }
  }

  @Test
  void aDirectoryInUseIsRefusedWithTheProcess() {
    try (LocalStorage storage = storage()) {
      assertThat(storage).isNotNull();
      assertThatThrownBy(this::storage)
          .isInstanceOf(StoreFault.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    storage().close();
  }

  @Test
  void aDirectoryOfANewerFormatIsRefused() throws Exception {
    storage().close();
    Files.writeString(directory.resolve("data/format"), "tidefs-data 2\n");
    assertThatThrownBy(this::storage)
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("a newer version");
  }
}
