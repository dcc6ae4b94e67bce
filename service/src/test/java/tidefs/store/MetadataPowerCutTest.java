package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.SealedRecords;
import tidefs.store.local.LocalJournal;
import tidefs.testkit.PowerCutIo;

/**
 * Takes the power away from a metadata store again and again ({@code -Dcuts=}, {@code -Dseed=}).
 * The journal is on the disk that loses its power. The state, RocksDB without a log, is what a
 * crash leaves of that: its last flush. After each cut the store holds a prefix of the batches,
 * whole, and every one that was acknowledged.
 */
final class MetadataPowerCutTest {
  private static final Path ROOT = Path.of("/disk");

  @TempDir private Path directory;
  private final long seed = Long.getLong("seed", 1);
  private final Random random = new Random(seed);
  private final PowerCutIo io = new PowerCutIo(seed, ROOT);
  private long epoch;

  /** Every batch applied, as the keys that it sets to its sequence number, and those it removes. */
  private final List<Changed> history = new ArrayList<>();

  private record Changed(List<Integer> put, List<Integer> deleted) {}

  private RecordCipher cipher = RecordCipher.NONE;

  @Test
  void everyAcknowledgedBatchIsThereAndNoneIsTorn() {
    cutOften();
  }

  @Test
  void everyAcknowledgedBatchIsThereIfRecordsAreEncrypted() {
    DataKey key = DataKey.random(random::nextBytes);
    cipher = new SealedRecords(key, random::nextBytes, record -> record.length);
    cutOften();
  }

  private void cutOften() {
    int cuts = Integer.getInteger("cuts", 40);
    long acknowledged = 0;
    int ahead = 0;
    try (StoreResources resources = new StoreResources(32L << 20)) {
      for (int cut = 0; cut < cuts; cut++) {
        io.cutAfter(1 + random.nextInt(60));
        try (MetadataStore store = open(resources)) {
          String context = "seed " + seed + " cut " + cut;
          long found = store.appliedSequence();
          assertThat(found).as(context).isBetween(acknowledged, (long) history.size());
          ahead += found > acknowledged ? 1 : 0;
          history.subList((int) found, history.size()).clear();
          assertThat(contents(store)).as(context).isEqualTo(model());
          acknowledged = found;
          while (true) {
            acknowledged = step(store, acknowledged);
          }
        } catch (StoreFault e) {
          assertThat(io.isCut()).as("seed %d cut %d: %s", seed, cut, e).isTrue();
        }
        io.restore();
      }
    }
    assertThat(acknowledged).isGreaterThan(cuts);
    assertThat(ahead).as("cuts that left batches nobody was told of").isPositive();
  }

  private MetadataStore open(StoreResources resources) {
    LocalJournal journal =
        LocalJournal.open(io, ROOT.resolve("journal"), ++epoch, random::nextBytes);
    return MetadataStore.open(
        directory.resolve("state"), journal, resources, Clock.system(), cipher);
  }

  private long step(MetadataStore store, long acknowledged) {
    int what = random.nextInt(20);
    if (what == 0) {
      store.checkpoint();
      return acknowledged;
    }
    if (what < 6) {
      store.awaitDurable(history.size());
      return history.size();
    }
    long sequence = history.size() + 1;
    Changed changed = new Changed(some(), some());
    Batch batch = new Batch();
    changed.deleted().forEach(key -> batch.delete(key(key)));
    changed.put().forEach(key -> batch.put(key(key), value(sequence)));
    history.add(changed);
    assertThat(store.apply(batch, Blocking.ALLOWED)).isEqualTo(sequence);
    return acknowledged;
  }

  private List<Integer> some() {
    return random.ints(random.nextInt(6), 0, 50).boxed().toList();
  }

  private TreeMap<Integer, Long> model() {
    TreeMap<Integer, Long> model = new TreeMap<>(Comparator.naturalOrder());
    long sequence = 0;
    for (Changed changed : history) {
      sequence++;
      changed.deleted().forEach(model::remove);
      for (int key : changed.put()) {
        model.put(key, sequence);
      }
    }
    return model;
  }

  private static TreeMap<Integer, Long> contents(MetadataStore store) {
    TreeMap<Integer, Long> contents = new TreeMap<>();
    try (Entries all = store.scan(new byte[0], new byte[] {(byte) 0xff}, Blocking.ALLOWED)) {
      while (all.next()) {
        contents.put(ByteBuffer.wrap(all.key()).getInt(1), ByteBuffer.wrap(all.value()).getLong());
      }
    }
    return contents;
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(5).put((byte) 'k').putInt(number).array();
  }

  private static byte[] value(long sequence) {
    return ByteBuffer.allocate(8).putLong(sequence).array();
  }
}
