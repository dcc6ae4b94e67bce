package tidefs.store.local;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a journal segment begins with. All integers are big-endian.
 *
 * <pre>
 *  0  4  CRC32C of the 28 bytes after it
 *  4  1  format, 1
 *  5  3  zero
 *  8  8  epoch of the writer
 * 16  8  sequence number of the first record
 * 24  4  salt: what the checksums of the records are seeded with
 * 28  4  zero
 * </pre>
 */
record SegmentHeader(long epoch, long firstSequence, int salt) {
  /** Records begin here: a page of its own, so that no later write can tear the header. */
  static final int BYTES = 4096;

  private static final int USED_BYTES = 32;
  private static final int FORMAT = 1;

  /** The header's page, in a new direct buffer. */
  ByteBuffer encode() {
    ByteBuffer page = ByteBuffer.allocateDirect(BYTES);
    page.putInt(0).putInt(FORMAT << 24).putLong(epoch).putLong(firstSequence).putInt(salt);
    page.putInt(0, checksum(page));
    return page.clear();
  }

  /** The header in {@code page}, if that is one. */
  static Optional<SegmentHeader> decode(ByteBuffer page) {
    if (page.limit() < USED_BYTES
        || page.getInt(4) != FORMAT << 24
        || page.getInt(0) != checksum(page)) {
      return Optional.empty();
    }
    return Optional.of(new SegmentHeader(page.getLong(8), page.getLong(16), page.getInt(24)));
  }

  private static int checksum(ByteBuffer page) {
    CRC32C crc = new CRC32C();
    crc.update(page.slice(4, USED_BYTES - 4));
    return (int) crc.getValue();
  }
}
