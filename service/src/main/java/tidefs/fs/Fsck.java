package tidefs.fs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tidefs.base.Blocking;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.View;

/**
 * Checks a file system at rest, or a snapshot of one: names against inodes, links and counts
 * against a recount, layouts, maps, usage.
 *
 * <p>It walks each table in order, the inodes twice: first into an index of 17 bytes for each, by
 * which entries find their inodes, then to compare what was counted. Directories take some 150
 * bytes more, files with chunks 24, those with holes or extended attributes some 100. How much it
 * may take in all can be bounded.
 */
public final class Fsck {
  /** Putting counts right can make others wrong: those of directories, then those of all. */
  private static final int ROUNDS = 5;

  private final View view;
  private final Consumer<String> problems;
  private final Mending mending = new Mending();
  private final InodeIndex index = new InodeIndex();
  private final ChunkAudit audit;
  private final Map<Long, Long> parents = new HashMap<>();
  private final Map<Long, Directory> directories = new HashMap<>();
  private final Map<Long, Long> maps = new HashMap<>();
  private final Map<Long, Integer> xattrBytes = new HashMap<>();
  private final Set<Long> orphans = new HashSet<>();
  private final NameHash hash;
  private final FsckTiers tiers;
  private final FsckMemory memory;
  private Usage usage = Usage.ZERO;

  private static final class Directory {
    long entries;
    long entryBytes;
    int subdirectories;
  }

  private Fsck(View view, FsckMemory memory, Consumer<String> problems) {
    this.view = view;
    this.memory = memory;
    this.problems = problems;
    this.audit = new ChunkAudit(view);
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
    Fsck fsck = new Fsck(view, FsckMemory.UNBOUNDED, problems);
    fsck.records();
    return fsck.usage;
  }

  /**
   * What a check of records and chunks found.
   *
   * @param usage what the file system holds by a recount
   * @param strayChunks chunks that nobody refers to: of writes that a crash cut short
   * @param strayBytes how much they take
   */
  public record Report(Usage usage, long strayChunks, long strayBytes) {}

  /** The same, and compares the chunks that files need with those that there are. */
  public static Report check(View view, ChunkStore chunks, Consumer<String> problems) {
    Fsck fsck = new Fsck(view, FsckMemory.UNBOUNDED, problems);
    fsck.records();
    fsck.audit.run(
        chunks::list, (ino, missing) -> fsck.problem(missing + " chunks of it are missing", ino));
    return new Report(fsck.usage, fsck.audit.strays(), fsck.audit.strayBytes());
  }

  /**
   * The same of a snapshot whose file system is in use: {@code suspect} is told of the files that
   * lacked chunks when these were listed.
   *
   * @throws LiveCheck.NoRoom if {@code memory} is not enough
   */
  static Usage checkInUse(
      View view,
      ChunkAudit.Listing chunks,
      FsckMemory memory,
      Consumer<String> problems,
      LongConsumer suspect) {
    Fsck fsck = new Fsck(view, memory, problems);
    fsck.records();
    fsck.audit.run(chunks, (ino, _) -> suspect.accept(ino));
    return fsck.usage;
  }

  /**
   * Puts right what can be, and throws away nothing that a user stored: what has no name gets one
   * in {@code /lost+found}. {@code problems} is told of what was found. To be checked again then.
   */
  public static void repair(MetadataStore store, Consumer<String> problems) {
    for (int i = 0; i < ROUNDS; i++) {
      Fsck fsck = new Fsck(store, FsckMemory.UNBOUNDED, problems);
      fsck.records();
      if (fsck.mending.isEmpty()) {
        return;
      }
      fsck.mending.apply(store);
    }
  }

  private void records() {
    fill();
    orphans();
    entries();
    maps();
    redo();
    xattrs();
    inodes();
    reachability();
    tiers.end();
    usage();
  }

  private void fill() {
    try (Entries all = table(Keys.INODE)) {
      while (all.next()) {
        long ino = Keys.number(all.key());
        try {
          InodeState state = InodeCodec.decode(ino, all.value(), 0);
          memory.take(state);
          index.add(ino, state.type(), state.layout().generation());
        } catch (StoreFault e) {
          problem("the inode cannot be read", ino);
        }
      }
    }
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
      mending.delete(Keys.entry(directory, cookie));
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
    checkTarget(directory, cookie, entry, counts);
  }

  private void checkHead(long directory, long first) {
    Optional<byte[]> head = view.get(Keys.entry(directory, first), Blocking.ALLOWED);
    if (head.isEmpty() || !DirectoryEntry.decode(head.get()).collided()) {
      problem("the first place of a hash does not tell of the others", directory);
    }
  }

  private void checkTarget(long directory, long cookie, DirectoryEntry entry, Directory counts) {
    int target = index.find(entry.ino());
    if (target < 0) {
      problem("an entry leads to inode " + entry.ino() + ", which is not there", directory);
      mending.delete(Keys.entry(directory, cookie));
      return;
    }
    index.named(target);
    FileType type = index.type(target);
    if (type != entry.type()) {
      problem("an entry tells another type than its inode", directory);
      DirectoryEntry right = new DirectoryEntry(entry.ino(), type, entry.collided(), entry.name());
      mending.put(Keys.entry(directory, cookie), right.encode());
    }
    if (type == FileType.DIRECTORY) {
      counts.subdirectories++;
      if (parents.put(entry.ino(), directory) != null) {
        problem("a directory has more than one name", entry.ino());
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
          mending.delete(all.key());
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
        int at = index.find(ino);
        if (at >= 0) {
          InodeState state = InodeCodec.decode(ino, all.value(), 0);
          InodeState right = inode(ino, state, index.names(at));
          if (!right.equals(state)) {
            mending.inode(ino, right);
          }
        }
      }
    }
  }

  /** Compares an inode with what was counted; returns how it should be. */
  private InodeState inode(long ino, InodeState state, int named) {
    usage = usage.plus(state.metered());
    InodeState right = state;
    Integer counted = xattrBytes.remove(ino);
    if ((counted == null ? 0 : counted) != state.xattrBytes()) {
      problem("it does not count its extended attributes right", ino);
      right = right.withXattrBytes(counted == null ? 0 : counted);
    }
    int links = state.attributes().links();
    boolean orphan = orphans.remove(ino);
    if ((links == 0) != orphan) {
      problem("it has no links, and is no orphan, or the reverse", ino);
    }
    if (orphan && (links > 0 || named > 0)) {
      mending.delete(Keys.orphan(ino));
    }
    if (named == 0 && ino != InodeNumbers.ROOT && !(orphan && links == 0)) {
      mending.lost(ino);
    }
    if (state.type() == FileType.DIRECTORY) {
      return directory(ino, right, named);
    }
    if (links != named) {
      problem("it has " + named + " names and says " + links, ino);
      right = withLinks(right, named == 0 ? links : named);
    }
    if (directories.containsKey(ino)) {
      problem("it has entries and is no directory", ino);
    }
    if (state.type() == FileType.REGULAR) {
      tiers.file(ino, state);
      return file(ino, right);
    }
    if (state.type() == FileType.SYMLINK && state.attributes().size() != state.data().length) {
      problem("a symbolic link's size is not its target's length", ino);
    }
    return right;
  }

  private static InodeState withLinks(InodeState state, int links) {
    return state.with(new AttributesBuilder(state.attributes()).links(links).build());
  }

  private InodeState directory(long ino, InodeState state, int named) {
    InodeState right = state;
    Directory counts = directories.getOrDefault(ino, new Directory());
    boolean root = ino == InodeNumbers.ROOT;
    if (named != (root || state.unlinked() ? 0 : 1)) {
      problem("a directory has " + named + " names", ino);
    }
    Long parent = parents.get(ino);
    if (parent != null && state.parent() != parent) {
      problem("a directory's parent is not the one that names it", ino);
      right = right.withParent(parent);
    }
    if (state.entries() != counts.entries || state.entryBytes() != counts.entryBytes) {
      problem("a directory does not count its entries right", ino);
    }
    long space = Math.max(Limits.BLOCK_BYTES, FileLayout.roundUp(counts.entryBytes));
    if (state.attributes().spaceUsed() != space) {
      problem("a directory's metered size is wrong", ino);
    }
    if (state.entries() != counts.entries
        || state.entryBytes() != counts.entryBytes
        || state.attributes().spaceUsed() != space) {
      int more = (int) (counts.entries - state.entries());
      right = right.withEntries(more, counts.entryBytes - state.entryBytes());
    }
    int links = 2 + counts.subdirectories;
    if (!state.unlinked() && state.attributes().links() != links) {
      problem("a directory's links do not count its sub-directories", ino);
    }
    return state.unlinked() && named == 0 ? right : withLinksIfOther(right, links);
  }

  private static InodeState withLinksIfOther(InodeState state, int links) {
    return state.attributes().links() == links ? state : withLinks(state, links);
  }

  private InodeState file(long ino, InodeState state) {
    FileLayout layout = state.layout();
    long size = state.attributes().size();
    audit.add(ino, state);
    if (size < 0 || size > Limits.FILE_BYTES) {
      problem("a file has an impossible size", ino);
      return state;
    }
    if ((layout.inline() && size > Limits.INLINE_BYTES)
        || state.data().length != (layout.inline() ? size : 0)) {
      problem("a file's contents are not where its layout says", ino);
      return state;
    }
    long blocks = maps.getOrDefault(ino, 0L);
    if (blocks != layout.blocks()) {
      problem("a file's maps do not count the blocks that it says", ino);
      return state.withContents(size, layout.sparse(layout.denseChunks(), blocks), state.data());
    }
    if (state.attributes().spaceUsed() != layout.spaceUsed(size)) {
      problem("a file's metered size is wrong", ino);
      return state.withContents(size, layout, state.data());
    }
    return state;
  }

  /** Every directory's way up ends at the root; since each has one name, no cycle escapes. */
  private void reachability() {
    for (long ino : xattrBytes.keySet()) {
      problem("it has extended attributes and is not there", ino);
    }
    for (long ino : orphans) {
      problem("it is an orphan and not there", ino);
      mending.delete(Keys.orphan(ino));
    }
    for (long ino : directories.keySet()) {
      if (index.find(ino) < 0) {
        problem("it has entries and is not there", ino);
        if (view.get(Keys.inode(ino), Blocking.ALLOWED).isEmpty()) {
          mending.lostDirectory(ino);
        }
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
    Mending right = new Mending();
    try (Entries all = table(Keys.USAGE)) {
      while (all.next()) {
        told = told.plus(UsageLedger.decode(all.value()));
        right.delete(all.key());
      }
    }
    if (!told.equals(usage)) {
      problems.accept("usage: the file system says " + told + ", a recount " + usage);
      right.put(Keys.usage(0), UsageLedger.encode(usage));
      mending.addAll(right);
    }
  }
}
