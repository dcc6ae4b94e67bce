package tidefs.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tidefs.fs.Errno;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.NewInode;
import tidefs.fs.Stability;
import tidefs.fs.XattrExistence;

/** Random changes of a file system: of names above all, and of everything else. */
public final class RandomChanges {
  private static final int NAMES = 12;

  private final FileSystemRig rig;
  private final Random random;
  private final List<Inode> directories = new ArrayList<>();

  /** Changes of what {@code rig} has open. */
  public RandomChanges(FileSystemRig rig, Random random) {
    this.rig = rig;
    this.random = random;
    forget();
  }

  /** The file system was opened anew. */
  public void forget() {
    directories.clear();
    directories.add(rig.fs().root());
  }

  /** Makes so many changes, or fewer: some are not possible. */
  public void make(int count) throws FsException {
    for (int i = 0; i < count; i++) {
      try {
        change();
      } catch (FsException e) {
        if (e.errno() == Errno.ESTALE) {
          forget();
        }
      }
    }
  }

  private void change() throws FsException {
    FileSystem fs = rig.fs();
    Inode directory = directories.get(random.nextInt(directories.size()));
    byte[] name = name();
    switch (random.nextInt(14)) {
      case 0, 1 -> directories.add(rig.directory(directory, text(name)));
      case 2, 3, 4 -> rig.file(directory, text(name));
      case 5 -> {
        byte[] target = text(name()).repeat(3).getBytes(StandardCharsets.UTF_8);
        NewInode link = new NewInode(FileType.SYMLINK, FileSystemRig.mode(0777), target, 0);
        fs.create(FileSystemRig.root(), directory, name, link);
      }
      case 6 -> {
        FileType type = random.nextBoolean() ? FileType.FIFO : FileType.SOCKET;
        fs.create(FileSystemRig.root(), directory, name, FileSystemRig.what(type, 0600));
      }
      case 7 -> fs.remove(FileSystemRig.root(), directory, name);
      case 8, 9 -> {
        Inode to = directories.get(random.nextInt(directories.size()));
        fs.rename(FileSystemRig.root(), directory, name, to, name());
      }
      case 10 -> {
        Inode to = directories.get(random.nextInt(directories.size()));
        fs.link(FileSystemRig.root(), rig.lookup(directory, text(name)), to, name());
      }
      case 11, 12 -> contents(rig.lookup(directory, text(name)));
      default -> attributes(rig.lookup(directory, text(name)));
    }
  }

  private void contents(Inode inode) throws FsException {
    if (inode.type() == FileType.DIRECTORY) {
      directories.add(inode);
      return;
    }
    long size = rig.attributes(inode).size();
    byte[] bytes = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 300_000 : 5_000)];
    random.nextBytes(bytes);
    Stability stability = random.nextBoolean() ? Stability.UNSTABLE : Stability.FILE_SYNC;
    switch (random.nextInt(6)) {
      case 0, 1 -> rig.write(inode, random.nextLong(size + 1), bytes, stability);
      case 2 -> rig.write(inode, size, bytes, stability);
      case 3 -> rig.write(inode, random.nextInt(9_000_000), bytes, stability);
      case 4 -> rig.truncate(inode, random.nextLong(size + 5_000));
      default ->
          rig.fs()
              .punchHole(
                  FileSystemRig.root(), inode, random.nextLong(size + 1), bytes.length + 9_000L);
    }
  }

  private void attributes(Inode inode) throws FsException {
    if (random.nextBoolean()) {
      rig.fs()
          .setAttributes(
              FileSystemRig.root(), inode, FileSystemRig.mode(random.nextInt(01000)), false);
    } else if (random.nextInt(4) > 0) {
      byte[] value = new byte[random.nextInt(500)];
      random.nextBytes(value);
      byte[] key = FileSystemRig.name("user" + random.nextInt(3));
      rig.fs().setXattr(FileSystemRig.root(), inode, key, value, XattrExistence.EITHER);
    } else {
      byte[] key = FileSystemRig.name("user" + random.nextInt(3));
      rig.fs().removeXattr(FileSystemRig.root(), inode, key);
    }
  }

  private byte[] name() {
    return FileSystemRig.name("n" + random.nextInt(NAMES));
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }
}
