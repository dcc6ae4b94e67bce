package tidefs.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import tidefs.fs.Node;
import tidefs.fs.Snapshot.Name;

/** The list of all that a backup holds. The format is ours, for ever; its first byte tells it. */
final class Manifest {
  private static final byte FORMAT = 1;
  private static final byte INODE = 'I';
  private static final byte NAME = 'N';
  private static final byte END = 'E';
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LONGEST = 1 << 20;

  private Manifest() {}

  /** An inode and, of a regular file, where its contents are. */
  record Entry(Node node, List<Part> parts) {}

  /** Writes a manifest: inodes in the order of their numbers, then names. */
  static final class Writer implements AutoCloseable {
    private final CRC32C sum = new CRC32C();
    private final DataOutputStream out;

    Writer(Path file) throws IOException {
      out =
          new DataOutputStream(
              new CheckedOutputStream(
                  new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES), sum));
      out.writeByte(FORMAT);
    }

    void inode(Entry entry) throws IOException {
      byte[] node = entry.node().encode();
      out.writeByte(INODE);
      out.writeInt(node.length);
      out.write(node);
      out.writeInt(entry.parts().size());
      for (Part each : entry.parts()) {
        each.write(out);
      }
    }

    void name(Name name) throws IOException {
      out.writeByte(NAME);
      out.writeLong(name.directory());
      out.writeLong(name.ino());
      out.writeShort(name.name().length);
      out.write(name.name());
    }

    void end() throws IOException {
      out.writeByte(END);
      out.writeLong(sum.getValue());
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** Reads a manifest. */
  static final class Reader implements AutoCloseable {
    private final Path file;
    private final CRC32C sum = new CRC32C();
    private final DataInputStream in;
    private int kind;

    Reader(Path file) throws IOException, BackupException {
      this.file = file;
      in =
          new DataInputStream(
              new CheckedInputStream(
                  new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), sum));
      if (in.readByte() != FORMAT) {
        throw new BackupException(file + " was written by a newer version");
      }
      kind = in.readByte();
    }

    /** The next inode; none once names follow. */
    Optional<Entry> inode() throws IOException, BackupException {
      if (kind != INODE) {
        return Optional.empty();
      }
      try {
        Node node = Node.decode(bytes(in.readInt()));
        List<Part> parts = new ArrayList<>();
        for (int rest = in.readInt(); rest > 0; rest--) {
          parts.add(Part.read(in));
        }
        kind = in.readByte();
        return Optional.of(new Entry(node, parts));
      } catch (EOFException | IllegalArgumentException e) {
        throw damaged(e);
      }
    }

    /** The next name; none at the end, which is checked. */
    Optional<Name> name() throws IOException, BackupException {
      try {
        if (kind == NAME) {
          long directory = in.readLong();
          long ino = in.readLong();
          byte[] name = bytes(in.readUnsignedShort());
          kind = in.readByte();
          return Optional.of(new Name(directory, name, ino));
        }
        long wanted = sum.getValue();
        if (kind != END || in.readLong() != wanted) {
          throw damaged(new EOFException("its checksum is wrong"));
        }
        return Optional.empty();
      } catch (EOFException e) {
        throw damaged(e);
      }
    }

    private byte[] bytes(int length) throws IOException {
      if (length < 0 || length > LONGEST) {
        throw new EOFException("a length is impossible");
      }
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return bytes;
    }

    private BackupException damaged(Exception why) {
      return new BackupException(file + " is damaged: " + why.getMessage(), why);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
