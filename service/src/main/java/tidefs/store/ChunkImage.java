package tidefs.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A chunk as it is kept in an object: which one it is, compressed with Zstandard where that helps,
 * sealed, and with checksums of all of it. No bit of an image can change unnoticed, nor can one
 * image stand for another.
 *
 * <pre>
 * "TIDECHNK", format (1), method (1), zero (2), inode (8), generation (4), index (4),
 * length (4), CRC32C of the body (4), CRC32C of the above (4), body
 * </pre>
 */
final class ChunkImage {
  private static final long MAGIC = 0x5449444543484e4bL;
  private static final byte FORMAT = 1;
  private static final byte STORED = 0;
  private static final byte COMPRESSED = 1;
  private static final int CHECKED_BYTES = 36;
  private static final int HEADER_BYTES = 40;
  private static final int LEVEL = 3;

  private final RecordCipher cipher;

  ChunkImage(RecordCipher cipher) {
    this.cipher = cipher;
  }

  /** The image of a chunk that holds {@code bytes}. */
  byte[] of(ChunkId chunk, byte[] bytes) {
    byte[] compressed = Zstd.compress(bytes, LEVEL);
    boolean helps = compressed.length < bytes.length;
    byte[] body = cipher.sealValue(identity(chunk), helps ? compressed : bytes);
    ByteBuffer image = ByteBuffer.allocate(HEADER_BYTES + body.length);
    image.putLong(MAGIC).put(FORMAT).put(helps ? COMPRESSED : STORED).putShort((short) 0);
    image.put(identity(chunk)).putInt(bytes.length).putInt(checksum(body, 0, body.length));
    image.putInt(checksum(image.array(), 0, CHECKED_BYTES));
    return image.put(body).array();
  }

  /** The bytes of a chunk. A {@link StoreFault} if this is not its image, or was changed. */
  byte[] open(ChunkId chunk, byte[] image) {
    if (image.length < HEADER_BYTES) {
      throw damaged();
    }
    ByteBuffer in = ByteBuffer.wrap(image);
    boolean known = in.getLong() == MAGIC && in.get() == FORMAT;
    byte method = in.get();
    int length = in.getInt(CHECKED_BYTES - 8);
    byte[] identity = Arrays.copyOfRange(image, 12, 12 + 16);
    if (!known
        || in.getInt(CHECKED_BYTES) != checksum(image, 0, CHECKED_BYTES)
        || !Arrays.equals(identity, identity(chunk))
        || length < 0
        || length > ChunkStore.CHUNK_BYTES
        || in.getInt(CHECKED_BYTES - 4)
            != checksum(image, HEADER_BYTES, image.length - HEADER_BYTES)) {
      throw damaged();
    }
    byte[] sealed = Arrays.copyOfRange(image, HEADER_BYTES, image.length);
    byte[] body = cipher.openValue(identity, sealed);
    byte[] bytes = method == COMPRESSED ? decompress(body, length) : body;
    if (bytes.length != length) {
      throw damaged();
    }
    return bytes;
  }

  private static byte[] decompress(byte[] body, int length) {
    try {
      return Zstd.decompress(body, length);
    } catch (ZstdException e) {
      throw new StoreFault("a chunk in a cold place cannot be decompressed", e);
    }
  }

  private static StoreFault damaged() {
    return new StoreFault("a chunk in a cold place is damaged: its checksum is wrong");
  }

  private static byte[] identity(ChunkId chunk) {
    return ByteBuffer.allocate(16)
        .putLong(chunk.ino())
        .putInt(chunk.generation())
        .putInt(chunk.index())
        .array();
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
