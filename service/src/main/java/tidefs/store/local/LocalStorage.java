package tidefs.store.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.base.Invariant;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.RecordCipher;
import tidefs.store.ShardLease;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;

/**
 * A data directory: all that a server on one machine stores. It belongs to one process at a time.
 *
 * <pre>
 * format                 the version of this layout
 * lock, epoch            who uses it, and for the how manieth time
 * NAME/journal/          the journal of a shard
 * NAME/state/            its state
 * NAME/chunks/           contents of files
 * NAME/mirror/           which other places have them, too, if there are any
 * </pre>
 */
public final class LocalStorage implements AutoCloseable {
  private static final String FORMAT = "tidefs-data 1";
  private static final int FORMAT_BYTES = 64;
  private static final String CHUNKS = "chunks";
  private static final String MIRROR = "mirror";

  /** How much of an epoch tells the openings of one process apart. */
  private static final int OPENING_BITS = 32;

  private final FileIo io = new NativeFileIo();
  private final Path directory;
  private final StoreResources resources;
  private final Clock clock;
  private final Chance chance;
  private final ShardLease.Grant grant;
  private final ChunkResources chunkResources;
  private final AtomicInteger openings = new AtomicInteger();

  private LocalStorage(
      Path directory, StoreResources resources, Clock clock, Chance chance, long dirtyBytes) {
    this.directory = directory.toAbsolutePath();
    this.resources = resources;
    this.clock = clock;
    this.chance = chance;
    io.createDirectory(this.directory);
    this.grant = new LocalLease(io, this.directory).acquire();
    this.chunkResources = new ChunkResources(dirtyBytes);
  }

  /**
   * Opens the data directory {@code directory}, new if it is not there; its parent exists.
   *
   * @param dirtyBytes how many bytes of contents may wait in memory for the disk
   * @throws StoreFault if another process uses it, or a newer version wrote it
   */
  public static LocalStorage open(
      Path directory, StoreResources resources, Clock clock, Chance chance, long dirtyBytes) {
    LocalStorage storage = new LocalStorage(directory, resources, clock, chance, dirtyBytes);
    try {
      storage.checkFormat();
      return storage;
    } catch (StoreFault e) {
      storage.close();
      throw e;
    }
  }

  /** Whether the shard {@code name} has a metadata store. */
  public boolean holds(String name) {
    return Files.isDirectory(directory.resolve(name).resolve("state"));
  }

  /** Opens the metadata store of the shard {@code name}, empty if it is not there. Close it. */
  public MetadataStore metadata(String name) {
    return metadata(name, RecordCipher.NONE);
  }

  /** Opens a metadata store, as above, whose records are encrypted by {@code cipher}. */
  public MetadataStore metadata(String name, RecordCipher cipher) {
    Path home = home(name);
    io.createDirectory(home.resolve("state"));
    io.syncDirectory(home);
    LocalJournal journal = LocalJournal.open(io, home.resolve("journal"), nextEpoch(), chance);
    return MetadataStore.open(home.resolve("state"), journal, resources, clock, cipher);
  }

  /** Opens the chunk store of the shard {@code name}, in the places it is in. Close it. */
  public ChunkStore chunks(String name) {
    Path home = home(name);
    List<MirrorSite> recorded =
        MirrorRecord.load(io, home.resolve(MIRROR)).stream()
            .flatMap(record -> record.members().stream())
            .map(member -> new MirrorSite(member.folder()))
            .toList();
    return recorded.isEmpty()
        ? LocalChunkStore.open(io, home.resolve(CHUNKS), chunkResources)
        : mirrored(home, recorded);
  }

  /**
   * Opens the chunk store of the shard {@code name} in these places. What is in others is given up
   * if one of these has all of it. Close it.
   *
   * @param sites the nearest first; {@link #here} is the data directory
   */
  public ChunkStore chunks(String name, List<MirrorSite> sites) {
    Path home = home(name);
    boolean alone = sites.equals(List.of(here(name)));
    if (alone && MirrorRecord.load(io, home.resolve(MIRROR)).isEmpty()) {
      return LocalChunkStore.open(io, home.resolve(CHUNKS), chunkResources);
    }
    ChunkStore mirrored = mirrored(home, sites);
    if (!alone) {
      return mirrored;
    }
    mirrored.close();
    MirrorRecord.remove(io, home.resolve(MIRROR));
    return LocalChunkStore.open(io, home.resolve(CHUNKS), chunkResources);
  }

  /** The folders in other places that hold contents of a shard whose folder is {@code home}. */
  public static List<Path> elsewhere(Path home) {
    FileIo io = new NativeFileIo();
    List<Path> folders = new ArrayList<>();
    MirrorRecord.load(io, home.resolve(MIRROR)).stream()
        .flatMap(record -> record.members().stream())
        .filter(each -> !each.folder().equals(home))
        .filter(each ->
            MirrorRecord.text(io, new MirrorSite(each.folder()).mark())
                .equals(Optional.of(each.mark())))
        .forEach(each -> folders.add(each.folder()));
    return folders;
  }

  /** The data directory as a place of the shard {@code name}. */
  public MirrorSite here(String name) {
    return new MirrorSite(directory.resolve(name));
  }

  private ChunkStore mirrored(Path home, List<MirrorSite> sites) {
    boolean used =
        io.syncDirectoryIfThere(home.resolve(CHUNKS)) && !io.list(home.resolve(CHUNKS)).isEmpty();
    return MirroredChunkStore.open(
        new MirroredChunkStore.Setup(io, home.resolve(MIRROR), chunkResources, clock, chance),
        sites,
        used ? Optional.of(new MirrorSite(home)) : Optional.empty());
  }

  /** Gives the directory free. The stores are closed first. */
  @Override
  public void close() {
    chunkResources.close();
    grant.close();
  }

  /** Above all epochs before: a store that was closed, or half opened, can be opened again. */
  private long nextEpoch() {
    return grant.epoch() << OPENING_BITS | openings.incrementAndGet();
  }

  private Path home(String name) {
    Invariant.check(name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,63}"), "a shard's name is a word");
    Path home = directory.resolve(name);
    io.createDirectory(home);
    io.syncDirectory(directory); // Even if it was there: whoever made it may have been killed.
    return home;
  }

  private void checkFormat() {
    Path path = directory.resolve("format");
    int file = io.open(path);
    if (file == FileIo.ABSENT) {
      writeFormat(path);
      return;
    }
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(FORMAT_BYTES);
      buffer.limit(io.read(file, 0, buffer));
      String found = US_ASCII.decode(buffer).toString().strip();
      if (!found.equals(FORMAT)) {
        throw new StoreFault(
            found.startsWith("tidefs-data ")
                ? "the data directory was written by a newer version of TideFS ("
                    + found
                    + ", where this one knows "
                    + FORMAT
                    + "): use that version"
                : "the data directory has another format than this version writes");
      }
    } finally {
      io.close(file);
    }
  }

  private void writeFormat(Path path) {
    Path next = directory.resolve("format.next");
    int file = io.create(next);
    try {
      byte[] bytes = (FORMAT + "\n").getBytes(US_ASCII);
      io.write(file, 0, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      io.sync(file);
    } finally {
      io.close(file);
    }
    io.rename(next, path);
    io.syncDirectory(directory);
  }
}
