package tidefs.fs;

import java.util.Map;
import java.util.concurrent.Executor;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;

/**
 * What a file system stands on and how much memory it may take.
 *
 * @param store its metadata; the file system's alone, closed by its owner after the file system
 * @param chunks its contents; likewise
 * @param clock the time
 * @param chance for its incarnation and the key of its name hash
 * @param background runs work for which nobody waits and which may block: a few threads will do
 * @param inodeCacheBytes about how much memory inodes that nobody holds may take
 * @param nameCacheEntries how many names are remembered at most
 * @param dirtyInodes how many files may have unstable writes at a time; beyond, they are made
 *     durable at once
 * @param flushNanos how long unstable writes stay so at most
 * @param coldPlaces where contents in the cold storage classes are; closed by their owner after the
 *     file system
 */
public record FileSystemConfig(
    MetadataStore store,
    ChunkStore chunks,
    Clock clock,
    Chance chance,
    Executor background,
    long inodeCacheBytes,
    int nameCacheEntries,
    int dirtyInodes,
    long flushNanos,
    Map<StorageClass, ChunkStore> coldPlaces) {
  /** A configuration without cold places. */
  public FileSystemConfig(
      MetadataStore store,
      ChunkStore chunks,
      Clock clock,
      Chance chance,
      Executor background,
      long inodeCacheBytes,
      int nameCacheEntries,
      int dirtyInodes,
      long flushNanos) {
    this(
        store,
        chunks,
        clock,
        chance,
        background,
        inodeCacheBytes,
        nameCacheEntries,
        dirtyInodes,
        flushNanos,
        Map.of());
  }

  /** A configuration with the usual bounds: 64 MiB of inodes, a quarter of a million names. */
  public static FileSystemConfig of(
      MetadataStore store, ChunkStore chunks, Clock clock, Chance chance, Executor background) {
    return new FileSystemConfig(
        store, chunks, clock, chance, background, 64L << 20, 1 << 18, 8_192, 5_000_000_000L);
  }

  /** The same with places of cold classes. */
  public FileSystemConfig withColdPlaces(Map<StorageClass, ChunkStore> places) {
    return new FileSystemConfig(
        store,
        chunks,
        clock,
        chance,
        background,
        inodeCacheBytes,
        nameCacheEntries,
        dirtyInodes,
        flushNanos,
        places);
  }
}
