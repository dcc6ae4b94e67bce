package tidefs.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Entries of keys and values in a file that tells nothing without its key. The file is a format
 * byte and blocks, each a length and sealed bytes; a block is sealed with the name of the backup
 * and its number, so that none can be left out, moved or replaced. The last one is empty.
 */
public final class SealedEntries {
  private static final byte FORMAT = 1;

  private SealedEntries() {}

  /** Encrypts, and knows what it has encrypted. */
  public interface Sealer {
    /** Encrypts {@code plain}. */
    byte[] seal(String label, byte[] plain);

    /** What was sealed under this label, unless the key is another or a byte has changed. */
    Optional<byte[]> open(String label, byte[] sealed);
  }

  /**
   * An entry.
   *
   * @param kind what it is, as its writer knows
   */
  @SuppressWarnings("ArrayRecordComponent") // Owns its arrays, and is not compared.
  public record Entry(char kind, byte[] key, byte[] value) {}

  private static String label(String backup, int block) {
    return "backup:" + backup + ":" + block;
  }

  /** Writes entries. */
  public static final class Writer implements AutoCloseable {
    private final String backup;
    private final Sealer sealer;
    private final DataOutputStream file;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream block = new DataOutputStream(bytes);
    private int blocks;

    Writer(Path path, String backup, Sealer sealer) throws IOException {
      this.backup = backup;
      this.sealer = sealer;
      file = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path)));
      file.writeByte(FORMAT);
    }

    /** Writes an entry. */
    public void write(Entry entry) throws IOException {
      block.writeChar(entry.kind());
      block.writeInt(entry.key().length);
      block.write(entry.key());
      block.writeInt(entry.value().length);
      block.write(entry.value());
      if (bytes.size() >= Limits.BLOCK_BYTES) {
        flush();
      }
    }

    private void flush() throws IOException {
      byte[] sealed = sealer.seal(label(backup, blocks++), bytes.toByteArray());
      bytes.reset();
      file.writeInt(sealed.length);
      file.write(sealed);
    }

    void end() throws IOException {
      if (bytes.size() > 0) {
        flush();
      }
      flush();
      file.flush();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Reads entries. */
  public static final class Reader implements AutoCloseable {
    private final Path path;
    private final String backup;
    private final Sealer sealer;
    private final DataInputStream file;
    private DataInputStream block = new DataInputStream(new ByteArrayInputStream(new byte[0]));
    private int blocks;

    private Reader(Path path, String backup, Sealer sealer) throws IOException {
      this.path = path;
      this.backup = backup;
      this.sealer = sealer;
      file = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)));
    }

    static Reader open(Path path, String backup, Sealer sealer) throws BackupException {
      try {
        Reader reader = new Reader(path, backup, sealer);
        if (reader.file.readByte() != FORMAT) {
          reader.close();
          throw new BackupException(path + " was written by a newer version");
        }
        return reader;
      } catch (IOException e) {
        throw new BackupException(path + " cannot be read: " + e, e);
      }
    }

    /** The next entry; none at the end, which is then known to be the end. */
    public Optional<Entry> next() throws BackupException {
      try {
        if (block.available() == 0) {
          byte[] plain = nextBlock();
          if (plain.length == 0) {
            return Optional.empty();
          }
          block = new DataInputStream(new ByteArrayInputStream(plain));
        }
        return Optional.of(new Entry(block.readChar(), bytes(), bytes()));
      } catch (EOFException e) {
        throw new BackupException(path + " is damaged: it ends too early", e);
      } catch (IOException e) {
        throw new BackupException(path + " cannot be read: " + e, e);
      }
    }

    private byte[] nextBlock() throws IOException, BackupException {
      int length = file.readInt();
      if (length < 0 || length > Limits.SEALED_BYTES) {
        throw new EOFException();
      }
      byte[] sealed = file.readNBytes(length);
      return sealer
          .open(label(backup, blocks++), sealed)
          .orElseThrow(() ->
              new BackupException(
                  path + " does not open: its key is another one, or the file is damaged"));
    }

    private byte[] bytes() throws IOException {
      int length = block.readInt();
      if (length < 0 || length > block.available()) {
        throw new EOFException();
      }
      return block.readNBytes(length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
