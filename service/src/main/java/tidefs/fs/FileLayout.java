package tidefs.fs;

import tidefs.store.ChunkStore;

/**
 * Where the contents of a regular file are.
 *
 * @param inline true if they are in the inode: no chunk is read
 * @param generation the generation of the file's chunks
 * @param grant chunk bytes at or beyond it (and beyond the size) were never written
 * @param sparse true if not every block below the size was written
 * @param denseChunks of a sparse file, the chunks from 0 on whose every block was written, but for
 *     those that have a map nevertheless, because a hole was punched into them
 * @param blocks of a sparse file, the blocks written in the other chunks, as their maps say, less
 *     the holes in the dense ones: below zero if these are more
 * @param tier the storage class and the places of the chunks
 */
record FileLayout(
    boolean inline,
    int generation,
    long grant,
    boolean sparse,
    int denseChunks,
    long blocks,
    Tier tier) {
  static final int CHUNK_BLOCKS = ChunkStore.CHUNK_BYTES / Limits.BLOCK_BYTES;

  /** What inodes that are no regular files have. */
  static final FileLayout NONE = new FileLayout(true, 0, 0, false, 0, 0, Tier.NONE);

  /** That of an empty file. */
  static FileLayout empty(int generation) {
    return new FileLayout(true, generation, Limits.FIRST_GRANT_BYTES, false, 0, 0, Tier.NONE);
  }

  FileLayout withGrant(long newGrant) {
    return new FileLayout(inline, generation, newGrant, sparse, denseChunks, blocks, tier);
  }

  /** With a grant that covers {@code bytes}. */
  FileLayout grantedTo(long bytes) {
    return bytes <= grant ? this : withGrant((long) chunksIn(bytes) * ChunkStore.CHUNK_BYTES);
  }

  FileLayout inChunks() {
    return new FileLayout(false, generation, grant, sparse, denseChunks, blocks, tier);
  }

  FileLayout dense() {
    return new FileLayout(inline, generation, grant, false, 0, 0, tier);
  }

  FileLayout sparse(int newDenseChunks, long newBlocks) {
    return new FileLayout(inline, generation, grant, true, newDenseChunks, newBlocks, tier);
  }

  FileLayout withTier(Tier newTier) {
    return new FileLayout(inline, generation, grant, sparse, denseChunks, blocks, newTier);
  }

  /** In chunks that were moved: all of them up to {@code newGrant}, none beyond. */
  FileLayout moved(long newGrant, Tier newTier) {
    return new FileLayout(false, generation, newGrant, sparse, denseChunks, blocks, newTier);
  }

  /** In chunks of a generation that was never used, none beyond {@code size}; new maps. */
  FileLayout replaced(int chunkGeneration, long size) {
    long newGrant = (long) chunksIn(size) * ChunkStore.CHUNK_BYTES;
    return new FileLayout(
        false, generation + 1, newGrant, true, 0, 0, tier.replaced(chunkGeneration));
  }

  /** In the inode again. */
  FileLayout backInline(Tier newTier) {
    return new FileLayout(true, generation, Limits.FIRST_GRANT_BYTES, false, 0, 0, newTier);
  }

  /** True if the chunks are still where they were: what was read there is right. */
  boolean isWhere(FileLayout now) {
    return now.generation == generation
        && (tier.equals(now.tier)
            || (!tier.isCold() && !now.tier.isCold() && tier.hot() == now.tier.hot()));
  }

  /** The generation of the file's chunks in the Standard place. */
  int chunkGeneration() {
    return tier.hot() == 0 ? generation : tier.hot();
  }

  /** Of the metered bytes of a file of {@code size} bytes, those in the Standard place. */
  long standardBytes(long size) {
    long space = spaceUsed(size);
    if (!tier.isCold()) {
      return space;
    }
    long warm = tier.warm() + Math.max(0L, chunksIn(size) - tier.end());
    return Math.min(space, warm * ChunkStore.CHUNK_BYTES);
  }

  /** The metered bytes of a file of {@code size} bytes. */
  long spaceUsed(long size) {
    long whole = roundUp(size);
    long written = ((long) denseChunks * CHUNK_BLOCKS + blocks) * Limits.BLOCK_BYTES;
    return Math.max(Limits.BLOCK_BYTES, sparse ? Math.min(whole, written) : whole);
  }

  /** The number of chunks that may exist if the file has {@code size} bytes. */
  int chunks(long size) {
    return chunksIn(Math.max(size, grant));
  }

  /** The chunks that the first {@code bytes} bytes of a file touch. */
  static int chunksIn(long bytes) {
    return (int) ((bytes + ChunkStore.CHUNK_BYTES - 1) / ChunkStore.CHUNK_BYTES);
  }

  /** The blocks that {@code bytes} bytes touch. */
  static long blocksIn(long bytes) {
    return (bytes + Limits.BLOCK_BYTES - 1) / Limits.BLOCK_BYTES;
  }

  static long roundUp(long bytes) {
    return blocksIn(bytes) * Limits.BLOCK_BYTES;
  }
}
