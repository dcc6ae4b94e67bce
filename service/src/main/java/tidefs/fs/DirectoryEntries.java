package tidefs.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.View;

/**
 * The entries of directories in the store. An entry lies under a cookie that its name's hash
 * decides and never moves; names of one hash lie in places next to each other. The first of these
 * places is never empty while another is taken, and says so, so that one read nearly always tells
 * whether a name exists.
 */
final class DirectoryEntries {
  private final View store;
  private final NameHash hash;

  /** An entry and its place. */
  record Placed(long cookie, DirectoryEntry entry) {}

  DirectoryEntries(View store, NameHash hash) {
    this.store = store;
    this.hash = hash;
  }

  long cookie(byte[] name) {
    return hash.cookie(name);
  }

  /** The entry of {@code name}, if there is one. */
  Optional<Placed> find(long directory, byte[] name, Blocking blocking) {
    long first = hash.cookie(name);
    Optional<Placed> head = first(directory, first, blocking);
    if (head.isEmpty() || names(head.get().entry(), name)) {
      return head;
    }
    if (!head.get().entry().collided()) {
      return Optional.empty();
    }
    for (Placed each : others(directory, first, blocking)) {
      if (names(each.entry(), name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Adds an entry whose name is not there. */
  void add(Batch batch, long directory, DirectoryEntry entry, Blocking blocking)
      throws FsException {
    long first = hash.cookie(entry.name());
    Optional<Placed> head = first(directory, first, blocking);
    if (head.isEmpty()) {
      batch.put(Keys.entry(directory, first), entry.encode());
    } else if (head.get().entry().left()) {
      batch.put(Keys.entry(directory, first), entry.withCollisions(true).encode());
    } else {
      addBeside(batch, directory, head.get(), entry, blocking);
    }
  }

  private void addBeside(
      Batch batch, long directory, Placed head, DirectoryEntry entry, Blocking blocking)
      throws FsException {
    long free = head.cookie() + 1;
    if (head.entry().collided()) {
      for (Placed each : others(directory, head.cookie(), blocking)) {
        if (each.cookie() != free) {
          break;
        }
        free++;
      }
    } else {
      batch.put(Keys.entry(directory, head.cookie()), head.entry().withCollisions(true).encode());
    }
    if (free >= head.cookie() + NameHash.COLLISIONS) {
      throw new FsException(Errno.ENOSPC);
    }
    batch.put(Keys.entry(directory, free), entry.encode());
  }

  /** Removes an entry from its place. */
  void remove(Batch batch, long directory, Placed placed, Blocking blocking) {
    long first = placed.cookie() & -NameHash.COLLISIONS;
    byte[] place = Keys.entry(directory, placed.cookie());
    if (placed.cookie() == first) {
      if (placed.entry().collided()) {
        batch.put(place, DirectoryEntry.LEFT.encode());
      } else {
        batch.delete(place);
      }
      return;
    }
    batch.delete(place);
    if (others(directory, first, blocking).size() == 1) {
      Placed head = first(directory, first, blocking).orElseThrow();
      if (head.entry().left()) {
        batch.delete(Keys.entry(directory, first));
      } else {
        batch.put(Keys.entry(directory, first), head.entry().withCollisions(false).encode());
      }
    }
  }

  /** Points an entry at another inode. */
  void replace(Batch batch, long directory, Placed placed, Inode inode) {
    DirectoryEntry old = placed.entry();
    DirectoryEntry entry =
        new DirectoryEntry(inode.ino(), inode.type(), old.collided(), old.name());
    batch.put(Keys.entry(directory, placed.cookie()), entry.encode());
  }

  /** Gives an entry another name of the same hash, in place of the entry {@code over} if any. */
  void renameInPlace(
      Batch batch,
      long directory,
      Placed placed,
      byte[] name,
      Optional<Placed> over,
      Blocking blocking) {
    DirectoryEntry old = placed.entry();
    if (over.isPresent()) {
      Placed kept = over.get();
      DirectoryEntry entry =
          new DirectoryEntry(old.ino(), old.type(), kept.entry().collided(), name);
      batch.put(Keys.entry(directory, kept.cookie()), entry.encode());
      removeBeside(batch, directory, placed, entry, kept.cookie(), blocking);
    } else {
      DirectoryEntry entry = new DirectoryEntry(old.ino(), old.type(), old.collided(), name);
      batch.put(Keys.entry(directory, placed.cookie()), entry.encode());
    }
  }

  /** Removes {@code placed} where the batch has already changed the entry at {@code changed}. */
  private void removeBeside(
      Batch batch,
      long directory,
      Placed placed,
      DirectoryEntry changedEntry,
      long changed,
      Blocking blocking) {
    long first = placed.cookie() & -NameHash.COLLISIONS;
    if (placed.cookie() == first || changed != first) {
      remove(batch, directory, placed, blocking);
      return;
    }
    batch.delete(Keys.entry(directory, placed.cookie()));
    if (others(directory, first, blocking).size() == 1) {
      batch.put(Keys.entry(directory, first), changedEntry.withCollisions(false).encode());
    }
  }

  private Optional<Placed> first(long directory, long cookie, Blocking blocking) {
    Optional<byte[]> value = store.get(Keys.entry(directory, cookie), blocking);
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(new Placed(cookie, DirectoryEntry.decode(value.get())));
  }

  private List<Placed> others(long directory, long first, Blocking blocking) {
    List<Placed> found = new ArrayList<>();
    byte[] from = Keys.entry(directory, first + 1);
    byte[] to = Keys.entry(directory, first + NameHash.COLLISIONS);
    try (Entries entries = store.scan(from, to, blocking)) {
      while (entries.next()) {
        found.add(new Placed(Keys.cookie(entries.key()), DirectoryEntry.decode(entries.value())));
      }
    }
    return found;
  }

  private static boolean names(DirectoryEntry entry, byte[] name) {
    return !entry.left() && Arrays.equals(entry.name(), name);
  }
}
