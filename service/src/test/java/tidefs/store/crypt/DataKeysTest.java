package tidefs.store.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;
import tidefs.store.memory.MemoryChunkStore;
import tidefs.testkit.MemoryKeys;

/** A file system that was given another data key. */
final class DataKeysTest {
  private static final ChunkId OLD = new ChunkId(99, 3, 0);
  private static final ChunkId NEW = new ChunkId(100, 0, 0);
  private static final ChunkId MOVED_BEFORE = new ChunkId(200, 49 | Integer.MIN_VALUE, 0);
  private static final ChunkId MOVED_SINCE = new ChunkId(5, 50 | Integer.MIN_VALUE, 0);

  private final DataKey first = DataKey.random(Chance.system());
  private final DataKey second = DataKey.random(Chance.system());
  private final DataKeys before = DataKeys.of(first);
  private final DataKeys both = before.with(new DataKeys.Era(second, 100, 50));

  private static RecordCipher records(DataKeys keys) {
    return new SealedRecords(keys, Chance.system(), stored -> stored[0] == 'x' ? 1 : 99);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aChunkHasTheKeyThatHeldWhenItWasMade() {
    assertThat(both.of(OLD)).isZero();
    assertThat(both.of(MOVED_BEFORE)).isZero();
    assertThat(both.of(NEW)).isEqualTo(1);
    assertThat(both.of(MOVED_SINCE)).isEqualTo(1);
    DataKeys three = both.with(new DataKeys.Era(DataKey.random(Chance.system()), 1_000, 60));
    assertThat(three.of(OLD)).isZero();
    assertThat(three.of(NEW)).isEqualTo(1);
    assertThat(three.of(new ChunkId(-1, 0, 0))).isEqualTo(2);
    assertThat(three.of(MOVED_SINCE)).isEqualTo(1);
  }

  @Test
  void oldChunksStayReadableAndNewOnesNeedTheNewKey() {
    MemoryChunkStore medium = new MemoryChunkStore();
    write(new EncryptedChunkStore(medium, before), OLD, 1);
    ChunkStore store = new EncryptedChunkStore(medium, both);
    write(store, NEW, 2);
    write(store, MOVED_SINCE, 3);

    assertThat(read(store, OLD)).isEqualTo(1);
    assertThat(read(store, NEW)).isEqualTo(2);
    assertThat(read(store, MOVED_SINCE)).isEqualTo(3);
    assertThat(read(new EncryptedChunkStore(medium, before), NEW)).isNotEqualTo(2);
    assertThat(read(new EncryptedChunkStore(medium, DataKeys.of(second)), NEW)).isEqualTo(2);
    assertThat(read(new EncryptedChunkStore(medium, DataKeys.of(second)), OLD)).isNotEqualTo(1);
  }

  @Test
  void oldRecordsStayReadableAndNewOnesNeedTheNewKey() {
    RecordCipher old = records(before);
    byte[] oldValue = old.sealValue(bytes("k"), bytes("old"));
    RecordCipher cipher = records(both);
    byte[] newValue = cipher.sealValue(bytes("k"), bytes("new"));

    for (int i = 0; i < 2; i++) { // The second time the session is known.
      assertThat(cipher.openValue(bytes("k"), oldValue)).isEqualTo(bytes("old"));
      assertThat(records(both).openValue(bytes("k"), newValue)).isEqualTo(bytes("new"));
    }
    assertThatThrownBy(() -> old.openValue(bytes("k"), newValue)).isInstanceOf(StoreFault.class);
    assertThat(cipher.sealKey(bytes("xname"))).isEqualTo(old.sealKey(bytes("xname")));
    byte[] changed = oldValue.clone();
    changed[changed.length - 1] ^= 1;
    assertThatThrownBy(() -> cipher.openValue(bytes("k"), changed)).isInstanceOf(StoreFault.class);
  }

  @Test
  void allKeysAreWrappedInOneFile() throws Exception {
    LocalKeys service = new MemoryKeys().open();
    service.create("k");
    byte[] file = WrappedKey.wrap(service, "k", "fs-1", both).encode();
    assertThat(new String(file, UTF_8)).startsWith("tidefs-key 2\nk\n");

    DataKeys unwrapped = WrappedKey.decode(file).unwrap(service, "fs-1");
    assertThat(unwrapped.eras()).hasSize(2);
    assertThat(unwrapped.first().bytes()).isEqualTo(first.bytes());
    assertThat(unwrapped.newest().bytes()).isEqualTo(second.bytes());
    assertThat(unwrapped.of(OLD)).isZero();
    assertThat(unwrapped.of(NEW)).isEqualTo(1);
    byte[] damaged = new String(file, UTF_8).replace("100 50 ", "100 x ").getBytes(UTF_8);
    assertThatThrownBy(() -> WrappedKey.decode(damaged)).isInstanceOf(StoreFault.class);
  }

  private static void write(ChunkStore store, ChunkId chunk, long value) {
    ByteBuffer block = ByteBuffer.allocateDirect(16).putLong(0, value).putLong(8, ~value);
    store.write(chunk, 0, block).join();
  }

  private static long read(ChunkStore store, ChunkId chunk) {
    ByteBuffer block = ByteBuffer.allocateDirect(16);
    store.read(chunk, 0, block).join();
    return block.getLong(0);
  }
}
