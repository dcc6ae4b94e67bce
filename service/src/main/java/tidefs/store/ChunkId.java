package tidefs.store;

/**
 * The name of a chunk: one piece of the contents of one file. Never used again for other contents
 * once removed, except by the same file in the same generation.
 *
 * @param ino the file's inode number
 * @param generation the generation of the file's layout; truncation to nothing starts a new one
 * @param index the chunk's place in the file, from 0
 */
public record ChunkId(long ino, int generation, int index) {}
