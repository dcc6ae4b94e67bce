package tidefs.fs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tidefs.base.Blocking;
import tidefs.store.Entries;
import tidefs.store.StoreFault;
import tidefs.store.View;

/**
 * Checks a file system at rest, or a snapshot of one: names against inodes, links and counts
 * against a recount, layouts, maps, usage.
 *
 * <p>It walks each table once, in order. Entries and the inodes' maps meet their inodes through
 * compact counters: two numbers for each inode that has more than one name or is a directory, and
 * one for each other.
 */
public final class Fsck {
  private final View view;
  private final Consumer<String> problems;
  private final Map<Long, Integer> names = new HashMap<>();
  private final Map<Long, Long> parents = new HashMap<>();
  private final Map<Long, Directory> directories = new HashMap<>();
  private final Map<Long, Long> maps = new HashMap<>();
  private final Map<Long, Integer> xattrBytes = new HashMap<>();
  private final Set<Long> orphans = new HashSet<>();
  private final NameHash hash;
  private final FsckTiers tiers;
  private Usage usage = Usage.ZERO;

  private static final class Directory {
    long entries;
    long entryBytes;
    int subdirectories;
  }

  private Fsck(View view, Consumer<String> problems) {
    this.view = view;
    this.problems = problems;
    this.hash = Superblock.read(view).hash();
    this.tiers = new FsckTiers(view, this::problem);
  }

  /**
   * Checks what {@code view} shows and tells {@code problems} of each thing that is wrong.
   *
   * @return what the file system holds by a recount
   * @throws StoreFault if there is no file system, or the store is damaged
   */
  public static Usage check(View view, Consumer<String> problems) {
    Fsck fsck = new Fsck(view, problems);
    fsck.orphans();
    fsck.entries();
    fsck.maps();
    fsck.redo();
    fsck.xattrs();
    fsck.inodes();
    fsck.reachability();
    fsck.tiers.end();
    fsck.usage();
    return fsck.usage;
  }

  private void problem(String text, long ino) {
    problems.accept("inode " + ino + ": " + text);
  }

  private Entries table(byte table) {
    return view.scan(Keys.first(table), Keys.end(table), Blocking.ALLOWED);
  }

  private void orphans() {
    try (Entries all = table(Keys.ORPHAN)) {
      while (all.next()) {
        orphans.add(Keys.number(all.key()));
      }
    }
  }

  private void entries() {
    try (Entries all = table(Keys.ENTRY)) {
      while (all.next()) {
        entry(Keys.number(all.key()), Keys.cookie(all.key()), all.value());
      }
    }
  }

  private void entry(long directory, long cookie, byte[] value) {
    DirectoryEntry entry;
    try {
      entry = DirectoryEntry.decode(value);
    } catch (StoreFault e) {
      problem("an entry cannot be read", directory);
      return;
    }
    boolean first = (cookie & (NameHash.COLLISIONS - 1)) == 0;
    if (entry.left()) {
      if (!first || !entry.collided()) {
        problem("a place is left without need", directory);
      }
      return;
    }
    if (hash.cookie(entry.name()) != (cookie & -NameHash.COLLISIONS)) {
      problem("an entry lies where its name's hash does not lead", directory);
    }
    if (entry.name().length == 0 || entry.name().length > Limits.NAME_BYTES) {
      problem("an entry's name has an impossible length", directory);
    }
    if (!first) {
      checkHead(directory, cookie & -NameHash.COLLISIONS);
    }
    Directory counts = directories.computeIfAbsent(directory, _ -> new Directory());
    counts.entries++;
    counts.entryBytes += DirectoryEntry.meteredBytes(entry.name());
    names.merge(entry.ino(), 1, Integer::sum);
    checkTarget(directory, entry, counts);
  }

  private void checkHead(long directory, long first) {
    Optional<byte[]> head = view.get(Keys.entry(directory, first), Blocking.ALLOWED);
    if (head.isEmpty() || !DirectoryEntry.decode(head.get()).collided()) {
      problem("the first place of a hash does not tell of the others", directory);
    }
  }

  private void checkTarget(long directory, DirectoryEntry entry, Directory counts) {
    Optional<byte[]> target = view.get(Keys.inode(entry.ino()), Blocking.ALLOWED);
    if (target.isEmpty()) {
      problem("an entry leads to inode " + entry.ino() + ", which is not there", directory);
      return;
    }
    InodeState state = InodeCodec.decode(entry.ino(), target.get(), 0);
    if (state.type() != entry.type()) {
      problem("an entry tells another type than its inode", directory);
    }
    if (entry.type() == FileType.DIRECTORY) {
      counts.subdirectories++;
      if (parents.put(entry.ino(), directory) != null) {
        problem("a directory has more than one name", entry.ino());
      }
      if (state.parent() != directory) {
        problem("a directory's parent is not the one that names it", entry.ino());
      }
    }
  }

  private void maps() {
    try (Entries all = table(Keys.MAP)) {
      while (all.next()) {
        long ino = Keys.number(all.key());
        Optional<byte[]> owner = view.get(Keys.inode(ino), Blocking.ALLOWED);
        FileLayout layout =
            owner.map(bytes -> InodeCodec.decode(ino, bytes, 0).layout()).orElse(FileLayout.NONE);
        if (owner.isPresent() && layout.generation() == Keys.generation(all.key())) {
          map(ino, layout, Keys.index(all.key()), BlockMaps.count(all.value()));
        } else if (!isGarbage(ino, Keys.generation(all.key()))) {
          problem("maps of blocks without a file", ino);
        }
      }
    }
  }

  /** Bytes that chunks may not have yet lie within files that there are. */
  private void redo() {
    try (Entries all = table(Keys.REDO)) {
      while (all.next()) {
        long ino = Keys.number(all.key());
        Redo.Stored record = Redo.Stored.decode(all.value());
        Optional<byte[]> owner = view.get(Keys.inode(ino), Blocking.ALLOWED);
        if (owner.isEmpty()) {
          problem("a redo record without a file", ino);
          continue;
        }
        InodeState state = InodeCodec.decode(ino, owner.get(), 0);
        if (state.layout().inline()
            || state.layout().chunkGeneration() != record.generation()
            || record.offset() + record.bytes().length > state.attributes().size()) {
          problem("a redo record of contents that the file does not have", ino);
        }
      }
    }
  }

  private void map(long ino, FileLayout layout, int index, int blocks) {
    boolean dense = index < layout.denseChunks();
    maps.merge(ino, (long) blocks - (dense ? FileLayout.CHUNK_BLOCKS : 0), Long::sum);
    if (!layout.sparse()) {
      problem("a file without holes has a map", ino);
    }
    if (dense && blocks == FileLayout.CHUNK_BLOCKS) {
      problem("a file has a map of a chunk that is wholly written", ino);
    }
  }

  /** Extended attributes of a known inode, by what they count. */
  private void xattrs() {
    try (Entries all = table(Keys.XATTR)) {
      while (all.next()) {
        long ino = Keys.number(all.key());
        byte[] name = Keys.xattrName(all.key());
        int value = ExtendedAttributes.decode(all.value()).length;
        xattrBytes.merge(ino, ExtendedAttributes.counted(name.length, value), Integer::sum);
        if (name.length == 0
            || name.length > Limits.XATTR_NAME_BYTES
            || value > Limits.XATTR_VALUE_BYTES) {
          problem("an extended attribute has an impossible length", ino);
        }
      }
    }
  }

  private boolean isGarbage(long ino, int generation) {
    try (Entries all = table(Keys.GARBAGE)) {
      while (all.next()) {
        Garbage garbage = Garbage.decode(all.value());
        if (garbage.ino() == ino
            && garbage.generation() == generation
            && garbage.kind() == Garbage.Kind.WHOLE) {
          return true;
        }
      }
    }
    return false;
  }

  private void inodes() {
    try (Entries all = table(Keys.INODE)) {
      while (all.next()) {
        long ino = Keys.number(all.key());
        try {
          inode(ino, InodeCodec.decode(ino, all.value(), 0));
        } catch (StoreFault e) {
          problem("the inode cannot be read", ino);
        }
      }
    }
  }

  private void inode(long ino, InodeState state) {
    usage = usage.plus(state.metered());
    Integer counted = xattrBytes.remove(ino);
    if ((counted == null ? 0 : counted) != state.xattrBytes()) {
      problem("it does not count its extended attributes right", ino);
    }
    int named = names.getOrDefault(ino, 0);
    int links = state.attributes().links();
    if ((links == 0) != orphans.remove(ino)) {
      problem("it has no links, and is no orphan, or the reverse", ino);
    }
    if (state.type() == FileType.DIRECTORY) {
      directory(ino, state, named);
    } else {
      if (links != named) {
        problem("it has " + named + " names and says " + links, ino);
      }
      if (directories.containsKey(ino)) {
        problem("it has entries and is no directory", ino);
      }
    }
    if (state.type() == FileType.REGULAR) {
      file(ino, state);
      tiers.file(ino, state);
    } else if (state.type() == FileType.SYMLINK
        && state.attributes().size() != state.data().length) {
      problem("a symbolic link's size is not its target's length", ino);
    }
  }

  private void directory(long ino, InodeState state, int named) {
    Directory counts = directories.getOrDefault(ino, new Directory());
    boolean root = ino == InodeNumbers.ROOT;
    if (named != (root || state.unlinked() ? 0 : 1)) {
      problem("a directory has " + named + " names", ino);
    }
    if (!state.unlinked() && state.attributes().links() != 2 + counts.subdirectories) {
      problem("a directory's links do not count its sub-directories", ino);
    }
    if (state.entries() != counts.entries || state.entryBytes() != counts.entryBytes) {
      problem("a directory does not count its entries right", ino);
    }
    long space = Math.max(Limits.BLOCK_BYTES, FileLayout.roundUp(counts.entryBytes));
    if (state.attributes().spaceUsed() != space) {
      problem("a directory's metered size is wrong", ino);
    }
  }

  private void file(long ino, InodeState state) {
    FileLayout layout = state.layout();
    long size = state.attributes().size();
    if (size < 0 || size > Limits.FILE_BYTES) {
      problem("a file has an impossible size", ino);
    }
    if ((layout.inline() && size > Limits.INLINE_BYTES)
        || state.data().length != (layout.inline() ? size : 0)) {
      problem("a file's contents are not where its layout says", ino);
    }
    if (state.attributes().spaceUsed() != layout.spaceUsed(size)) {
      problem("a file's metered size is wrong", ino);
    }
    if (maps.getOrDefault(ino, 0L) != layout.blocks()) {
      problem("a file's maps do not count the blocks that it says", ino);
    }
  }

  /** Every directory's way up ends at the root; since each has one name, no cycle escapes. */
  private void reachability() {
    for (long ino : xattrBytes.keySet()) {
      problem("it has extended attributes and is not there", ino);
    }
    for (long ino : orphans) {
      problem("it is an orphan and not there", ino);
    }
    for (long ino : directories.keySet()) {
      if (view.get(Keys.inode(ino), Blocking.ALLOWED).isEmpty()) {
        problem("it has entries and is not there", ino);
      }
    }
    Set<Long> rooted = new HashSet<>();
    rooted.add(InodeNumbers.ROOT);
    for (long ino : parents.keySet()) {
      Set<Long> way = new HashSet<>();
      Long at = ino;
      while (at != null && !rooted.contains(at) && way.add(at)) {
        at = parents.get(at);
      }
      if (at != null && rooted.contains(at)) {
        rooted.addAll(way);
      } else {
        problem("a directory cannot be reached from the root", ino);
      }
    }
  }

  private void usage() {
    Usage told = Usage.ZERO;
    try (Entries all = table(Keys.USAGE)) {
      while (all.next()) {
        told = told.plus(UsageLedger.decode(all.value()));
      }
    }
    if (!told.equals(usage)) {
      problems.accept("usage: the file system says " + told + ", a recount " + usage);
    }
  }
}
