package tidefs.server.config;

/**
 * How much memory the server takes for what it could also read again.
 *
 * @param metadataBytes for the stores of metadata, all together, outside of the Java heap: cached
 *     blocks, and changes not yet in files
 * @param dirtyBytes most bytes of file contents, of all file systems together, that may wait in the
 *     page cache for the disk
 * @param inodeCacheBytes for inodes of one file system, in the heap
 * @param nameCacheEntries names of one file system that are remembered, in the heap
 */
public record MemorySettings(
    long metadataBytes, long dirtyBytes, long inodeCacheBytes, int nameCacheEntries) {
  static MemorySettings read(Section in) {
    MemorySettings settings =
        new MemorySettings(
            (long) in.integer("metadata-mib", 192, 16, 1 << 20) << 20,
            (long) in.integer("dirty-mib", 256, 1, 1 << 20) << 20,
            (long) in.integer("inode-cache-mib", 64, 1, 1 << 20) << 20,
            in.integer("name-cache-entries", 262_144, 1_000, 1 << 30));
    in.end();
    return settings;
  }
}
