package tidefs.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tidefs.fs.Attributes;
import tidefs.fs.ContentSink;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.Importer;
import tidefs.fs.Node;
import tidefs.fs.Snapshot;
import tidefs.fs.Snapshot.Name;
import tidefs.fs.Snapshot.Walk;

/** Writes one backup: the walk over a file system beside that over the last backup of it. */
final class BackupWriter {
  private final Path folder;
  private final String id;
  private final Optional<Path> before;
  private long inodes;
  private long bytes;
  private long newBytes;
  private long restless;

  BackupWriter(Path folder, String id, Optional<Path> before) {
    this.folder = folder;
    this.id = id;
    this.before = before;
  }

  long inodes() {
    return inodes;
  }

  long bytes() {
    return bytes;
  }

  long newBytes() {
    return newBytes;
  }

  long restless() {
    return restless;
  }

  void write(FileSystem fileSystem, Path to) throws IOException, BackupException {
    try (Snapshot snapshot = fileSystem.snapshot();
        Manifest.Writer manifest = new Manifest.Writer(to);
        PackWriter packs = new PackWriter(folder, id);
        Earlier earlier = new Earlier(before)) {
      try (Walk<Node> all = snapshot.nodes()) {
        for (Optional<Node> each = all.next(); each.isPresent(); each = all.next()) {
          manifest.inode(entry(snapshot, each.get(), earlier.find(each.get().ino()), packs));
          inodes++;
        }
      }
      try (Walk<Name> all = snapshot.names()) {
        for (Optional<Name> each = all.next(); each.isPresent(); each = all.next()) {
          manifest.name(each.get());
        }
      }
      manifest.end();
      packs.end();
      newBytes = packs.bytes();
    }
  }

  private Manifest.Entry entry(
      Snapshot snapshot, Node node, Optional<Manifest.Entry> old, PackWriter packs) {
    if (node.type() != FileType.REGULAR) {
      return new Manifest.Entry(node, List.of());
    }
    if (old.isPresent() && isSame(old.get().node().attributes(), node.attributes())) {
      old.get().parts().forEach(part -> bytes += part.length());
      return new Manifest.Entry(node, old.get().parts());
    }
    Parts parts = new Parts(old.map(Manifest.Entry::parts).orElse(List.of()), packs);
    Snapshot.Copied copied = snapshot.copy(node, parts);
    restless += copied.quiet() ? 0 : 1;
    parts.taken.forEach(part -> bytes += part.length());
    return new Manifest.Entry(copied.file(), parts.taken);
  }

  private static boolean isSame(Attributes old, Attributes now) {
    return old.change() == now.change()
        && old.size() == now.size()
        && old.modified().equals(now.modified());
  }

  /** The parts of one file: those that its last backup has, or new ones. */
  private static final class Parts implements ContentSink {
    private final List<Part> old;
    private final PackWriter packs;
    private final List<Part> taken = new ArrayList<>();
    private int next;

    Parts(List<Part> old, PackWriter packs) {
      this.old = old;
      this.packs = packs;
    }

    @Override
    public void begin(Node file) {
      taken.clear();
      next = 0;
    }

    @Override
    public void data(long offset, ByteBuffer contents) {
      byte[] digest = Importer.digest(contents);
      while (next < old.size() && old.get(next).offset() < offset) {
        next++;
      }
      if (next < old.size()) {
        Part known = old.get(next);
        if (known.offset() == offset
            && known.length() == contents.remaining()
            && Arrays.equals(known.digest(), digest)) {
          taken.add(known);
          return;
        }
      }
      try {
        taken.add(packs.append(offset, contents, digest));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The inodes of the last backup, in the order of their numbers. */
  private static final class Earlier implements AutoCloseable {
    private final Optional<Manifest.Reader> reader;
    private Optional<Manifest.Entry> next = Optional.empty();

    Earlier(Optional<Path> manifest) throws IOException, BackupException {
      reader =
          manifest.isPresent()
              ? Optional.of(new Manifest.Reader(manifest.get()))
              : Optional.empty();
      advance();
    }

    Optional<Manifest.Entry> find(long ino) throws IOException, BackupException {
      while (next.isPresent() && next.get().node().ino() < ino) {
        advance();
      }
      return next.filter(it -> it.node().ino() == ino);
    }

    private void advance() throws IOException, BackupException {
      next = reader.isPresent() ? reader.get().inode() : Optional.empty();
    }

    @Override
    public void close() throws IOException {
      if (reader.isPresent()) {
        reader.get().close();
      }
    }
  }
}
