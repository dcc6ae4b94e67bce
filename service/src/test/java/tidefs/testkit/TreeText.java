package tidefs.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tidefs.fs.Attributes;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Importer;
import tidefs.fs.Inode;

/** A whole file system as text, to be compared: every path with all that users see of it. */
public final class TreeText {
  private final FileSystem fileSystem;
  private final Map<String, String> lines = new TreeMap<>();

  private TreeText(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** What each path leads to. */
  public static Map<String, String> of(FileSystem fileSystem) {
    TreeText text = new TreeText(fileSystem);
    try {
      text.add("/", fileSystem.root());
    } catch (FsException e) {
      throw new AssertionError("a tree at rest can be read", e);
    }
    return text.lines;
  }

  private void add(String path, Inode inode) throws FsException {
    Attributes attributes = fileSystem.attributes(FileSystemRig.root(), inode);
    StringBuilder line = new StringBuilder(attributes.toString());
    if (inode.type() == FileType.SYMLINK) {
      byte[] target = fileSystem.readLink(FileSystemRig.root(), inode);
      line.append(" -> ").append(new String(target, StandardCharsets.ISO_8859_1));
    }
    if (inode.type() == FileType.REGULAR || inode.type() == FileType.DIRECTORY) {
      xattrs(line, inode);
    }
    if (inode.type() == FileType.REGULAR) {
      contents(line, inode, attributes.size());
    }
    lines.put(path, line.toString());
    if (inode.type() == FileType.DIRECTORY) {
      Map<String, byte[]> names = new TreeMap<>();
      fileSystem.list(
          FileSystemRig.root(),
          inode,
          0,
          (_, name, _, _) -> {
            names.put(new String(name, StandardCharsets.ISO_8859_1), name.clone());
            return true;
          });
      for (var each : names.entrySet()) {
        Inode child = fileSystem.lookup(FileSystemRig.root(), inode, each.getValue());
        add(path + each.getKey() + (child.type() == FileType.DIRECTORY ? "/" : ""), child);
      }
    }
  }

  private void xattrs(StringBuilder line, Inode inode) throws FsException {
    Map<String, String> found = new TreeMap<>();
    Map<String, byte[]> names = new TreeMap<>();
    fileSystem.listXattrs(
        FileSystemRig.root(),
        inode,
        0,
        (_, name) -> {
          names.put(new String(name, StandardCharsets.ISO_8859_1), name.clone());
          return true;
        });
    for (var each : names.entrySet()) {
      byte[] value = fileSystem.xattr(FileSystemRig.root(), inode, each.getValue());
      found.put(each.getKey(), HexFormat.of().formatHex(value));
    }
    line.append(' ').append(found);
  }

  private void contents(StringBuilder line, Inode file, long size) throws FsException {
    long at = 0;
    while (at < size) {
      long data = seek(file, at, true, size);
      line.append(" hole ").append(at).append('-').append(data);
      long end = seek(file, data, false, size);
      for (at = data; at < end; ) {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(end - at, 1 << 20));
        fileSystem.read(FileSystemRig.root(), file, at, buffer).join();
        line.append(' ').append(HexFormat.of().formatHex(Importer.digest(buffer), 0, 8));
        at += buffer.limit();
      }
    }
  }

  private long seek(Inode file, long at, boolean data, long size) throws FsException {
    return at >= size ? size : fileSystem.seek(FileSystemRig.root(), file, at, data);
  }
}
