package tidefs.fs;

import java.nio.ByteBuffer;

/** Takes the contents of a regular file as they are copied. */
public interface ContentSink {
  /** The copy of a file begins; what came of it before, if anything, does not count. */
  void begin(Node file);

  /**
   * Bytes that were written, at most {@link Snapshot#PART_BYTES}, within one part of that length;
   * in ascending order. What lies between is holes. The buffer is valid during the call only.
   */
  void data(long offset, ByteBuffer bytes);
}
