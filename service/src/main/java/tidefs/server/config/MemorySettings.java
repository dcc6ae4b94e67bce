package tidefs.server.config;

/**
 * Memory outside of the Java heap, for all file systems together.
 *
 * @param metadataBytes for the stores of metadata: cached blocks, and changes not yet in files
 */
public record MemorySettings(long metadataBytes) {
  static MemorySettings read(Section in) {
    MemorySettings settings =
        new MemorySettings((long) in.integer("metadata-mib", 192, 16, 1 << 20) << 20);
    in.end();
    return settings;
  }
}
