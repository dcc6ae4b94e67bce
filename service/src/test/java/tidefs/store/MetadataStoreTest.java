package tidefs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;
import tidefs.store.memory.MemoryJournal;

final class MetadataStoreTest {
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

  private MetadataStore open(Journal journal) {
    return MetadataStore.open(directory, journal, resources, Clock.system());
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static Batch batch(String... keysAndValues) {
    Batch batch = new Batch();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      batch.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
    }
    return batch;
  }

  static String get(View view, String key) {
    return view.get(bytes(key), Blocking.ALLOWED).map(v -> new String(v, UTF_8)).orElse("-");
  }

  static String scan(View view, String from, String to) {
    List<String> found = new ArrayList<>();
    try (Entries entries = view.scan(bytes(from), bytes(to), Blocking.ALLOWED)) {
      while (entries.next()) {
        found.add(new String(entries.key(), UTF_8) + "=" + new String(entries.value(), UTF_8));
      }
      assertThat(entries.next()).isFalse();
    }
    return String.join(" ", found);
  }

  @Test
  void aBatchIsVisibleAtOnceAndDurableSoon() {
    try (MetadataStore store = open(new MemoryJournal())) {
      assertThat(store.appliedSequence()).isZero();
      assertThat(store.apply(batch("a", "1", "b", "2"), Blocking.FORBIDDEN)).isEqualTo(1);
      assertThat(get(store, "a")).isEqualTo("1");
      assertThat(store.appliedSequence()).isEqualTo(1);
      assertThat(store.apply(batch("a", "3").delete(bytes("b")), Blocking.FORBIDDEN)).isEqualTo(2);
      store.awaitDurable(2);
      assertThat(store.durableSequence()).isEqualTo(2);
      assertThat(get(store, "a")).isEqualTo("3");
      assertThat(get(store, "b")).isEqualTo("-");
      boolean[] told = new boolean[1];
      store.whenDurable(2, durable -> told[0] = durable);
      assertThat(told[0]).isTrue();
    }
  }

  @Test
  void scansAreBoundedAndInUnsignedOrder() {
    try (MetadataStore store = open(new MemoryJournal())) {
      store.apply(batch("a", "1", "aa", "2", "b", "3", "c", "4"), Blocking.ALLOWED);
      Batch high = new Batch().put(new byte[] {(byte) 0xff}, bytes("5"));
      store.apply(high.put(new byte[] {0x7f}, bytes("6")), Blocking.ALLOWED);
      assertThat(scan(store, "a", "b")).isEqualTo("a=1 aa=2");
      assertThat(scan(store, "aa", "c")).isEqualTo("aa=2 b=3");
      assertThat(scan(store, "", "a")).isEmpty();
      assertThat(scan(store, "", "d")).isEqualTo("a=1 aa=2 b=3 c=4");
      try (Entries all =
          store.scan(new byte[] {0x7f}, new byte[] {(byte) 0xff, 0}, Blocking.FORBIDDEN)) {
        assertThat(all.next()).isTrue();
        assertThat(all.value()).isEqualTo(bytes("6"));
        assertThat(all.next()).isTrue();
        assertThat(all.value()).isEqualTo(bytes("5"));
        assertThat(all.next()).isFalse();
      }
    }
  }

  @Test
  void aSnapshotDoesNotMove() {
    try (MetadataStore store = open(new MemoryJournal())) {
      store.apply(batch("a", "1"), Blocking.ALLOWED);
      try (MetadataStore.Snapshot snapshot = store.snapshot()) {
        store.apply(batch("a", "2", "b", "3"), Blocking.ALLOWED);
        assertThat(snapshot.sequence()).isEqualTo(1);
        assertThat(get(snapshot, "a")).isEqualTo("1");
        assertThat(scan(snapshot, "a", "z")).isEqualTo("a=1");
        assertThat(scan(store, "a", "z")).isEqualTo("a=2 b=3");
      }
    }
  }

  @Test
  void whatWasAppliedIsThereAfterAReopen() {
    MemoryJournal.Log log = new MemoryJournal.Log();
    try (MetadataStore store = open(new MemoryJournal(log))) {
      store.apply(batch("a", "1"), Blocking.ALLOWED);
    }
    try (MetadataStore store = open(new MemoryJournal(log))) {
      assertThat(get(store, "a")).isEqualTo("1");
      assertThat(store.apply(batch("b", "2"), Blocking.ALLOWED)).isEqualTo(2);
    }
  }

  @Test
  void aLostStateIsRebuiltFromAJournalThatReachesBack() throws Exception {
    MemoryJournal.Log log = new MemoryJournal.Log();
    MemoryJournal first = new MemoryJournal(log);
    first.replay(1, (_, _) -> {});
    ByteBuffer records = ByteBuffer.allocateDirect(4096);
    Batch one = batch("a", "1", "b", "2");
    Batch two = batch("c", "3").delete(bytes("a"));
    for (Batch batch : List.of(one, two)) {
      batch.spend();
    }
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    JournalRecord.encode(records, crc, first.writer(), 1, 0, one.bytes(), 8, one.end());
    JournalRecord.encode(records, crc, first.writer(), 2, 1, two.bytes(), 8, two.end());
    first.append(1, 2, records.flip());
    try (MetadataStore store = open(new MemoryJournal(log))) {
      assertThat(scan(store, "a", "z")).isEqualTo("b=2 c=3");
      assertThat(store.durableSequence()).isEqualTo(2);
    }
    Path other = Files.createDirectory(directory.resolve("other"));
    MemoryJournal journal = new MemoryJournal(log);
    assertThatThrownBy(() -> MetadataStore.open(other, journal, resources, Clock.system()))
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("does not reach back");
  }

  @Test
  void aFailedJournalEndsTheStoreAndTellsAllWhoWait() {
    MemoryJournal.Log log = new MemoryJournal.Log();
    try (MetadataStore store = open(new MemoryJournal(log))) {
      store.apply(batch("a", "1"), Blocking.ALLOWED);
      store.awaitDurable(1);
      MemoryJournal usurper = new MemoryJournal(log);
      assertThat(usurper.writer().epoch()).isEqualTo(2);
      long sequence = store.apply(batch("a", "2"), Blocking.ALLOWED);
      assertThatThrownBy(() -> store.awaitDurable(sequence)).isInstanceOf(FencedException.class);
      boolean[] told = {true};
      store.whenDurable(sequence, durable -> told[0] = durable);
      assertThat(told[0]).isFalse();
      Batch third = batch("a", "3");
      assertThatThrownBy(() -> store.apply(third, Blocking.FORBIDDEN))
          .isInstanceOf(StoreFault.class);
      assertThat(store.durableSequence()).isEqualTo(1);
    }
  }

  @Test
  void aBatchIsAppliedOnceAndItsKeysAreWellFormed() {
    try (MetadataStore store = open(new MemoryJournal())) {
      Batch batch = batch("a", "1");
      store.apply(batch, Blocking.ALLOWED);
      assertThatThrownBy(() -> store.apply(batch, Blocking.ALLOWED))
          .isInstanceOf(Invariant.Broken.class);
      assertThatThrownBy(() -> new Batch().delete(new byte[] {0, 1}))
          .isInstanceOf(Invariant.Broken.class);
      assertThatThrownBy(() -> new Batch().delete(new byte[0]))
          .isInstanceOf(Invariant.Broken.class);
    }
  }

  @Test
  void whatIsOnDiskOnlyIsNotReadByAThreadThatMustNotWait() {
    MemoryJournal.Log log = new MemoryJournal.Log();
    try (MetadataStore store = open(new MemoryJournal(log))) {
      Batch batch = batch("z", "1");
      for (byte i = 1; i < 50; i++) { // Opening reads the store's own keys, and their block.
        batch.put(new byte[] {i}, new byte[4000]);
      }
      store.apply(batch, Blocking.FORBIDDEN);
      assertThat(store.get(bytes("z"), Blocking.FORBIDDEN)).isPresent();
    }
    try (MetadataStore store = open(new MemoryJournal(log))) {
      assertThatThrownBy(() -> store.get(bytes("z"), Blocking.FORBIDDEN))
          .isSameAs(WouldBlock.INSTANCE);
      try (Entries entries = store.scan(bytes("z"), bytes("zz"), Blocking.FORBIDDEN)) {
        assertThatThrownBy(entries::next).isSameAs(WouldBlock.INSTANCE);
      }
      assertThat(get(store, "z")).isEqualTo("1");
      assertThat(store.get(bytes("z"), Blocking.FORBIDDEN)).hasValue(bytes("1"));
      try (Entries entries = store.scan(bytes("z"), bytes("zz"), Blocking.FORBIDDEN)) {
        assertThat(entries.next()).isTrue();
      }
    }
  }

  @Test
  void aStoreInOrderVerifies() {
    try (MetadataStore store = open(new MemoryJournal())) {
      store.verify();
      store.apply(batch("a", "1"), Blocking.ALLOWED);
      store.verify();
      assertThat(store.durableSequence()).isEqualTo(1);
    }
  }
}
