package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;
import tidefs.store.View;

/**
 * A file system at one instant, to be copied from while it is in use.
 *
 * <p><b>What is consistent.</b> Names, links, and everything of inodes that are no regular files
 * are those of the instant, all of them, and durable. Contents change in place, so a regular file
 * is copied as of an instant of its own, not before the snapshot's: {@link #copy} reads it and then
 * looks whether its change attribute is still what it was and nobody is writing; if not, it begins
 * again, a few times. A file that is never quiet is copied as it comes, and reported as {@linkplain
 * Copied#quiet not quiet}: its size, attributes and holes fit together, its bytes are each from
 * some time during the copy. Attributes and extended attributes are always of the same instant as
 * the contents, but for the number of links, which is the snapshot's.
 *
 * <p>A file that was removed, or emptied and removed, since the instant is still copied: chunks
 * that lost their file are kept while a snapshot is open. So close it: it holds space.
 */
public final class Snapshot implements AutoCloseable {
  /** The parts in which contents are copied, in bytes. */
  public static final int PART_BYTES = 256 << 10;

  private static final int ATTEMPTS = 4;

  private final FileSystem fileSystem;
  private final Core core;
  private final MetadataStore.Snapshot view;
  private final DirectoryEntries entries;

  /** How a file was copied: what it was, and whether it stood still meanwhile. */
  public record Copied(Node file, boolean quiet) {}

  /** One name of the snapshot. */
  public record Name(long directory, byte[] name, long ino) {}

  /** A walk; close it soon. */
  public interface Walk<T> extends AutoCloseable {
    /** The next, if there is one. */
    Optional<T> next();

    @Override
    void close();
  }

  Snapshot(FileSystem fileSystem, Core core) {
    this.fileSystem = fileSystem;
    this.core = core;
    core.reclaimer().pin();
    view = core.store().snapshot();
    entries = new DirectoryEntries(view, core.hash());
    try {
      core.store().awaitDurable(view.sequence());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The sequence number of the store at the instant. */
  public long sequence() {
    return view.sequence();
  }

  /** The number from which on no inode has been made yet. */
  public long nextInode() {
    return core.numbers().reservedEnd();
  }

  /** The inode of a number, unless it has no names. */
  public Optional<Node> node(long ino) {
    return view.get(Keys.inode(ino), Blocking.ALLOWED)
        .map(bytes -> InodeCodec.decode(ino, bytes, 0))
        .filter(state -> !state.unlinked())
        .map(state -> node(view, state));
  }

  /** All inodes that have names, in the order of their numbers. */
  public Walk<Node> nodes() {
    Entries all = view.scan(Keys.first(Keys.INODE), Keys.end(Keys.INODE), Blocking.ALLOWED);
    return walk(
        all,
        () -> {
          long ino = Keys.number(all.key());
          InodeState state = InodeCodec.decode(ino, all.value(), 0);
          return state.unlinked() ? Optional.empty() : Optional.of(node(view, state));
        });
  }

  /** All names, directory by directory, in the order of the directories' numbers. */
  public Walk<Name> names() {
    return names(Keys.first(Keys.ENTRY), Keys.end(Keys.ENTRY));
  }

  /** The names in one directory. */
  public Walk<Name> names(long directory) {
    return names(Keys.entry(directory, 0), Keys.entry(directory + 1, 0));
  }

  private Walk<Name> names(byte[] from, byte[] to) {
    Entries all = view.scan(from, to, Blocking.ALLOWED);
    return walk(
        all,
        () -> {
          DirectoryEntry entry = DirectoryEntry.decode(all.value());
          return entry.left()
              ? Optional.empty()
              : Optional.of(new Name(Keys.number(all.key()), entry.name(), entry.ino()));
        });
  }

  /** What a name means; 0 for nothing. */
  public long lookup(long directory, byte[] name) {
    return entries.find(directory, name, Blocking.ALLOWED).map(it -> it.entry().ino()).orElse(0L);
  }

  /** What has changed since it was last {@linkplain FileSystem#forget forgotten}. */
  public Walk<ChangeIndex.Change> changes() {
    Entries all = view.scan(Keys.first(Keys.CHANGE), Keys.end(Keys.CHANGE), Blocking.ALLOWED);
    return walk(all, () -> Optional.of(ChangeIndex.decode(all.key(), all.value())));
  }

  /** Copies a regular file of the snapshot. */
  public Copied copy(Node wanted, ContentSink sink) {
    Invariant.check(wanted.type() == FileType.REGULAR, "contents are regular files'");
    for (int attempt = 1; ; attempt++) {
      try {
        Optional<Copied> copied = copyLive(wanted, sink, attempt == ATTEMPTS);
        if (copied.isPresent()) {
          return copied.get();
        }
      } catch (FsException e) {
        return copyGone(wanted, sink);
      }
    }
  }

  private Optional<Copied> copyLive(Node wanted, ContentSink sink, boolean last)
      throws FsException {
    Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    Inode file = fileSystem.inode(operation, wanted.ino());
    join(fileSystem.commit(operation, file));
    core.store().awaitDurable(operation.dependsOn());
    Optional<InodeState> before = quiet(file);
    if (before.isEmpty() && !last) {
      return Optional.empty();
    }
    InodeState state = before.orElseGet(file::state);
    Node node = node(core.store(), state).linkedAs(wanted);
    sink.begin(node);
    long size = state.attributes().size();
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(PART_BYTES, Math.max(size, 1)));
    long at = 0;
    while (at < size) {
      long data = seek(operation, file, at, true, size);
      long end = Math.min(seek(operation, file, data, false, size), size);
      for (at = data; at < end; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(end - at, PART_BYTES - at % PART_BYTES));
        join(fileSystem.read(operation, file, at, buffer));
        sink.data(at, buffer.asReadOnlyBuffer());
      }
      at = Math.max(at, end);
    }
    boolean quiet = before.isPresent() && quiet(file).filter(now -> same(now, state)).isPresent();
    return quiet || last ? Optional.of(new Copied(node, quiet)) : Optional.empty();
  }

  private long seek(Operation operation, Inode file, long from, boolean data, long size)
      throws FsException {
    try {
      return from >= size ? size : fileSystem.seek(operation, file, from, data);
    } catch (FsException e) {
      if (e.errno() == Errno.ENXIO) {
        return size; // It was cut meanwhile.
      }
      throw e;
    }
  }

  private static boolean same(InodeState now, InodeState before) {
    return now.attributes().equals(before.attributes());
  }

  /** The state of a file that nobody is writing and all of which is durable. */
  private static Optional<InodeState> quiet(Inode file) throws FsException {
    file.lock(Blocking.ALLOWED);
    try {
      if (file.gone() || file.state().unlinked()) {
        throw new FsException(Errno.ESTALE);
      }
      boolean quiet = file.io().idle() && !file.dirty();
      return quiet ? Optional.of(file.state()) : Optional.empty();
    } finally {
      file.unlock();
    }
  }

  /** Copies a file that was removed since: its chunks are still there. */
  private Copied copyGone(Node wanted, ContentSink sink) {
    InodeState state =
        InodeCodec.decode(
            wanted.ino(), view.get(Keys.inode(wanted.ino()), Blocking.ALLOWED).orElseThrow(), 0);
    sink.begin(wanted);
    long size = state.attributes().size();
    FileLayout layout = state.layout();
    if (layout.inline()) {
      if (size > 0) {
        sink.data(0, ByteBuffer.wrap(state.data()).asReadOnlyBuffer());
      }
      return new Copied(wanted, true);
    }
    BlockMaps maps = new BlockMaps(wanted.ino(), layout.generation(), !layout.sparse());
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(PART_BYTES, size));
    long at = 0;
    while (at < size) {
      long data = find(maps, layout, at, size, true);
      long end = Math.min(find(maps, layout, data, size, false), size);
      for (at = data; at < end; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(end - at, PART_BYTES - at % PART_BYTES));
        int index = (int) (at / ChunkStore.CHUNK_BYTES);
        OptionalInt cold =
            ColdChunks.find(view, wanted.ino(), layout.tier(), index, Blocking.ALLOWED);
        ChunkStore place =
            cold.isPresent() ? core.tiers().place(layout.tier().storageClass()) : core.chunks();
        ChunkId chunk = new ChunkId(wanted.ino(), cold.orElse(layout.chunkGeneration()), index);
        Core.await(place.read(chunk, (int) (at % ChunkStore.CHUNK_BYTES), buffer));
        sink.data(at, buffer.asReadOnlyBuffer());
      }
      at = Math.max(at, end);
    }
    return new Copied(wanted, true);
  }

  private long find(BlockMaps maps, FileLayout layout, long from, long size, boolean data) {
    if (!layout.sparse()) {
      return data ? from : size;
    }
    long end = FileLayout.blocksIn(size);
    long found =
        maps.find(
            view, from / Limits.BLOCK_BYTES, end, layout.denseChunks(), data, Blocking.ALLOWED);
    return Math.clamp(found * Limits.BLOCK_BYTES, from, size);
  }

  private static Node node(View view, InodeState state) {
    List<Xattr> xattrs =
        state.xattrBytes() == 0
            ? List.of()
            : ExtendedAttributes.all(view, state.attributes().ino());
    byte[] target = state.type() == FileType.SYMLINK ? state.data() : InodeState.NO_DATA;
    return new Node(state.attributes(), state.parent(), target, xattrs);
  }

  private static void join(java.util.concurrent.CompletableFuture<Void> future) throws FsException {
    try {
      future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FsException refusal) {
        throw refusal;
      }
      throw Core.fault(e.getCause());
    }
  }

  private interface Step<T> {
    Optional<T> read();
  }

  private static <T> Walk<T> walk(Entries entries, Step<T> step) {
    return new Walk<>() {
      @Override
      public Optional<T> next() {
        while (entries.next()) {
          Optional<T> found = step.read();
          if (found.isPresent()) {
            return found;
          }
        }
        return Optional.empty();
      }

      @Override
      public void close() {
        entries.close();
      }
    };
  }

  /** All of a walk, for few. */
  public static <T> List<T> all(Walk<T> walk) {
    List<T> found = new ArrayList<>();
    try (walk) {
      for (Optional<T> each = walk.next(); each.isPresent(); each = walk.next()) {
        found.add(each.get());
      }
    }
    return found;
  }

  @Override
  public void close() {
    view.close();
    core.reclaimer().unpin();
  }
}
