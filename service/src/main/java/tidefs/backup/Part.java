package tidefs.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Where some of a file's contents are.
 *
 * @param offset in the file
 * @param length in bytes
 * @param digest their SHA-256
 * @param backup the backup in whose packs they lie
 * @param pack which of them
 * @param at where in it
 */
record Part(long offset, int length, byte[] digest, String backup, int pack, long at) {
  private static final int DIGEST_BYTES = 32;

  void write(DataOutputStream out) throws IOException {
    out.writeLong(offset);
    out.writeInt(length);
    out.write(digest);
    out.writeUTF(backup);
    out.writeInt(pack);
    out.writeLong(at);
  }

  static Part read(DataInputStream in) throws IOException {
    return new Part(
        in.readLong(),
        in.readInt(),
        in.readNBytes(DIGEST_BYTES),
        in.readUTF(),
        in.readInt(),
        in.readLong());
  }
}
