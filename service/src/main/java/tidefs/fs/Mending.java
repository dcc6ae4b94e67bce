package tidefs.fs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;

/**
 * What a check found that can be put right, to be done when it is over. Counts are set to what was
 * counted, names that lead to nothing go, and what has lost its name gets one in {@code
 * /lost+found}: nothing that a user stored is thrown away.
 */
final class Mending {
  private static final byte[] LOST_AND_FOUND = "lost+found".getBytes(StandardCharsets.UTF_8);
  private static final int STEP_CHANGES = 1_000;

  private final List<Batch> batches = new ArrayList<>();
  private final List<Long> lost = new ArrayList<>();

  void put(byte[] key, byte[] value) {
    last().put(key, value);
  }

  void delete(byte[] key) {
    last().delete(key);
  }

  /** An inode should be so. */
  void inode(long ino, InodeState state) {
    put(Keys.inode(ino), InodeCodec.encode(state));
  }

  /** An inode has no name and should have one. */
  void lost(long ino) {
    lost.add(ino);
  }

  /** A directory that has entries, but no inode, and so no name. */
  void lostDirectory(long ino) {
    Time unknown = new Time(0, 0);
    Attributes attributes =
        new AttributesBuilder(ino, FileType.DIRECTORY, unknown).mode(0700).links(2).build();
    InodeState made =
        new InodeState(
            attributes, InodeNumbers.ROOT, 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 0);
    inode(ino, made.withEntries(0, 0));
    lost(ino);
  }

  void addAll(Mending more) {
    batches.addAll(more.batches);
  }

  private Batch last() {
    if (batches.isEmpty() || batches.getLast().changes() >= STEP_CHANGES) {
      batches.add(new Batch());
    }
    return batches.getLast();
  }

  boolean isEmpty() {
    return batches.isEmpty() && lost.isEmpty();
  }

  /** Does it, durably. Counts may then be wrong that were right: check again. */
  void apply(MetadataStore store) {
    long sequence = 0;
    for (Batch each : batches) {
      sequence = store.apply(each, Blocking.ALLOWED);
    }
    if (!lost.isEmpty()) {
      DirectoryEntries entries = new DirectoryEntries(store, Superblock.read(store).hash());
      long directory = lostAndFound(store, entries);
      for (long ino : lost) {
        sequence = attach(store, entries, directory, ino);
      }
    }
    store.awaitDurable(sequence);
  }

  private static long lostAndFound(MetadataStore store, DirectoryEntries entries) {
    Optional<DirectoryEntries.Placed> there =
        entries.find(InodeNumbers.ROOT, LOST_AND_FOUND, Blocking.ALLOWED);
    if (there.isPresent()) {
      return there.get().entry().ino();
    }
    long ino =
        store
            .get(Keys.NEXT_INO, Blocking.ALLOWED)
            .map(bytes -> ByteBuffer.wrap(bytes).getLong())
            .orElse(InodeNumbers.ROOT + 1);
    Time now = state(store, InodeNumbers.ROOT).attributes().changed();
    Attributes attributes =
        new AttributesBuilder(ino, FileType.DIRECTORY, now).mode(0700).links(2).build();
    InodeState made =
        new InodeState(
            attributes, InodeNumbers.ROOT, 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 0);
    Batch batch = new Batch();
    batch.put(Keys.NEXT_INO, ByteBuffer.allocate(Long.BYTES).putLong(ino + 1).array());
    batch.put(Keys.inode(ino), InodeCodec.encode(made.withEntries(0, 0)));
    add(
        batch,
        entries,
        InodeNumbers.ROOT,
        new DirectoryEntry(ino, FileType.DIRECTORY, false, LOST_AND_FOUND));
    store.apply(batch, Blocking.ALLOWED);
    return ino;
  }

  private static long attach(
      MetadataStore store, DirectoryEntries entries, long directory, long ino) {
    InodeState state = state(store, ino);
    byte[] name = ("#" + ino).getBytes(StandardCharsets.UTF_8);
    Batch batch = new Batch();
    add(batch, entries, directory, new DirectoryEntry(ino, state.type(), false, name));
    if (state.type() == FileType.DIRECTORY) {
      batch.put(Keys.inode(ino), InodeCodec.encode(state.withParent(directory)));
    }
    return store.apply(batch, Blocking.ALLOWED);
  }

  private static void add(
      Batch batch, DirectoryEntries entries, long directory, DirectoryEntry entry) {
    try {
      entries.add(batch, directory, entry, Blocking.ALLOWED);
    } catch (FsException e) {
      throw new StoreFault("lost+found takes no more entries", e);
    }
  }

  private static InodeState state(MetadataStore store, long ino) {
    return InodeCodec.decode(ino, store.get(Keys.inode(ino), Blocking.ALLOWED).orElseThrow(), 0);
  }
}
