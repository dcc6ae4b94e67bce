package tidefs.fs;

/**
 * What is cloned (RFC 7862 §15.13): bytes of one file, to a place in another or elsewhere in it.
 *
 * @param from where it begins in the source: a multiple of {@link Limits#CLONE_BLOCK_BYTES}
 * @param to where it begins in the target: likewise
 * @param count the bytes, likewise unless they end where the source does; 0 for all up to there
 */
public record CloneRange(long from, long to, long count) {
  /** How many bytes of a source of {@code size} bytes it has. EINVAL unless it is as it must be. */
  long bytes(long size) throws FsException {
    if (from < 0
        || to < 0
        || count < 0
        || from % Limits.CLONE_BLOCK_BYTES != 0
        || to % Limits.CLONE_BLOCK_BYTES != 0
        || from > size
        || count > size - from) {
      throw new FsException(Errno.EINVAL);
    }
    long bytes = count == 0 ? size - from : count;
    if (bytes % Limits.CLONE_BLOCK_BYTES != 0 && from + bytes != size) {
      throw new FsException(Errno.EINVAL);
    }
    return bytes;
  }

  /** Whether source and target, of {@code bytes} bytes, overlap if they are in one file. */
  boolean overlaps(long bytes) {
    return Math.abs(from - to) < bytes;
  }
}
