package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.base.Blocking;
import tidefs.store.Batch;

/**
 * What has changed since a copy was last brought up to date: a mark for each changed inode and for
 * each changed name, which goes into the batch of the change itself. So a copy costs what has
 * changed, whatever the file system holds; and a file system without a copy, where the index is
 * off, pays for one test of a flag.
 *
 * <p>A mark carries a number that no other mark had. Who has copied what a snapshot marked gives
 * the marks back, and each is removed only if it still has the number of the snapshot: a change
 * meanwhile has put another. Marks of an inode, and of names in a directory, are put and removed
 * under the inode's lock. The mark of a file whose contents memory alone knows stays.
 *
 * <p>Contents change in place before any batch tells: a writer marks the file first, in a batch of
 * its own, once after each removal of the mark. It does not wait for the journal: what a crash
 * takes in these milliseconds is a mark for bytes that nobody was promised.
 */
public final class ChangeIndex {
  private static final byte INODE = 'i';
  private static final byte NAME = 'n';

  private final Core core;
  private final AtomicLong numbers;
  private volatile boolean on;

  /**
   * A mark.
   *
   * @param ino the changed inode, or the directory of the changed name
   * @param name the changed name; empty if the inode itself has changed
   */
  public record Change(long ino, Optional<byte[]> name, long number) {}

  ChangeIndex(Core core) {
    this.core = core;
    numbers = new AtomicLong(core.store().appliedSequence());
    on = core.store().get(Keys.CHANGES_KEPT, Blocking.ALLOWED).isPresent();
  }

  boolean on() {
    return on;
  }

  /** Begins to mark, or ends. Marks are complete for every snapshot that is taken afterwards. */
  void keep(boolean wanted) {
    if (wanted == on) {
      return;
    }
    Batch batch = new Batch();
    if (wanted) {
      batch.put(Keys.CHANGES_KEPT, new byte[] {1});
    } else {
      batch.delete(Keys.CHANGES_KEPT);
    }
    core.store().awaitDurable(core.store().apply(batch, Blocking.ALLOWED));
    on = wanted;
    for (Inode each : core.table().all()) { // Changes that did not see the flag end meanwhile.
      each.lock(Blocking.ALLOWED);
      each.unlock();
    }
    if (!wanted) {
      clear();
    }
  }

  private void clear() {
    Batch batch = new Batch();
    try (var all =
        core.store().scan(Keys.first(Keys.CHANGE), Keys.end(Keys.CHANGE), Blocking.ALLOWED)) {
      while (all.next()) {
        batch.delete(all.key());
        if (batch.changes() == Limits.SHRINK_STEP_MAPS) {
          core.store().apply(batch, Blocking.ALLOWED);
          batch = new Batch();
        }
      }
    }
    core.store().apply(batch, Blocking.ALLOWED);
  }

  /** A change of {@code inode}, whose lock the caller holds, is in {@code batch}. */
  void inode(Batch batch, Inode inode) {
    batch.put(Keys.change(INODE, inode.ino(), InodeState.NO_DATA), number());
  }

  /** A change of a name in {@code directory}, whose lock the caller holds, is in {@code batch}. */
  void name(Batch batch, Inode directory, byte[] name) {
    batch.put(Keys.change(NAME, directory.ino(), name), number());
  }

  /** Contents of {@code file}, whose lock the caller holds, are about to change in place. */
  void beforeWrite(Inode file, Blocking blocking) {
    if (on && !file.marked()) {
      Batch batch = new Batch();
      inode(batch, file);
      core.store().apply(batch, blocking);
      file.marked(true);
    }
  }

  /** Removes a mark, unless there was a change since. */
  void forget(Change change) {
    byte kind = change.name().isPresent() ? NAME : INODE;
    byte[] key = Keys.change(kind, change.ino(), change.name().orElse(InodeState.NO_DATA));
    Inode inode = core.table().obtain(change.ino());
    inode.lock(Blocking.ALLOWED);
    try {
      Optional<byte[]> now = core.store().get(key, Blocking.ALLOWED);
      boolean same = now.isPresent() && Arrays.equals(now.get(), encode(change.number()));
      if (!same || (kind == INODE && busy(inode))) {
        return;
      }
      core.store().apply(new Batch().delete(key), Blocking.ALLOWED);
      if (kind == INODE) {
        inode.marked(false);
      }
    } finally {
      inode.unlock();
    }
  }

  private static boolean busy(Inode inode) {
    return inode.loaded()
        && !inode.gone()
        && inode.type() == FileType.REGULAR
        && (inode.dirty() || !inode.io().idle());
  }

  static Change decode(byte[] key, byte[] value) {
    long number = ByteBuffer.wrap(value).getLong();
    long ino = ByteBuffer.wrap(key).getLong(2);
    return key[1] == INODE
        ? new Change(ino, Optional.empty(), number)
        : new Change(ino, Optional.of(Arrays.copyOfRange(key, 10, key.length)), number);
  }

  private byte[] number() {
    return encode(numbers.incrementAndGet());
  }

  private static byte[] encode(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
