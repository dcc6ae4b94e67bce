package tidefs.store.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.store.StoreFault;

/**
 * Which places hold the contents of a file system, and which of them hold all of it: a text file
 * beside its metadata, replaced as a whole. It is the one truth about that: a place that comes back
 * cannot claim to be whole.
 */
record MirrorRecord(List<Member> members) {
  private static final String FORMAT = "tidefs-mirror 1";
  private static final String FILE = "places";
  private static final String NO_MARK = "none";
  private static final int LARGEST_BYTES = 64 << 10;

  /**
   * A place.
   *
   * @param mark what its mark says, see {@link MirrorSite#mark}; empty if it never had one
   * @param whole whether it has all contents, but perhaps for what the intents tell
   */
  record Member(String mark, boolean whole, Path folder) {}

  /** The record in {@code home}, if there is one. */
  static Optional<MirrorRecord> load(FileIo io, Path home) {
    return text(io, home.resolve(FILE)).map(text -> decode(text, home));
  }

  /** Replaces the record in {@code home}, durably. */
  void save(FileIo io, Path home) {
    replace(io, home, FILE, encode(home));
  }

  /** The text in a small file, if it is there. */
  static Optional<String> text(FileIo io, Path path) {
    int file = io.open(path);
    if (file == FileIo.ABSENT) {
      return Optional.empty();
    }
    try {
      long length = io.length(file);
      if (length > LARGEST_BYTES) {
        throw new StoreFault("a file that names places is larger than any should be");
      }
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) length);
      buffer.limit(io.read(file, 0, buffer));
      return Optional.of(UTF_8.decode(buffer).toString());
    } finally {
      io.close(file);
    }
  }

  /** Replaces a small file, durably. */
  static void replace(FileIo io, Path folder, String name, String text) {
    Path next = folder.resolve(name + ".next");
    int file = io.create(next);
    try {
      byte[] bytes = text.getBytes(UTF_8);
      io.truncate(file, 0);
      io.write(file, 0, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      io.sync(file);
    } finally {
      io.close(file);
    }
    io.rename(next, folder.resolve(name));
    io.syncDirectory(folder);
  }

  /** Removes the record in {@code home}: all contents are in the data directory alone. */
  static void remove(FileIo io, Path home) {
    if (io.unlink(home.resolve(FILE))) {
      io.syncDirectory(home);
    }
  }

  /** The folder in the data directory is written as a dot: it may be moved. */
  private String encode(Path home) {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    for (Member each : members) {
      text.append(each.mark().isEmpty() ? NO_MARK : each.mark());
      text.append(each.whole() ? " whole " : " behind ");
      text.append(each.folder().equals(home.getParent()) ? "." : each.folder()).append('\n');
    }
    return text.toString();
  }

  private static MirrorRecord decode(String text, Path home) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
      throw damaged();
    }
    List<Member> members = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" ", 3);
      if (parts.length != 3) {
        throw damaged();
      }
      Path folder = home.resolveSibling(parts[2]).normalize();
      String mark = parts[0].equals(NO_MARK) ? "" : parts[0];
      members.add(new Member(mark, parts[1].equals("whole"), folder));
    }
    return new MirrorRecord(List.copyOf(members));
  }

  private static StoreFault damaged() {
    return new StoreFault("the record of the places is damaged, or of a newer version");
  }
}
