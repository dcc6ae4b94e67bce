package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.store.StoreFault;

/**
 * Fills a new file system, which nobody uses yet, with a copy: first all inodes in any order, each
 * with its contents, then all names directory by directory. In between the file system is not whole
 * ({@link Fsck} would say so): who fills it shows it to nobody before {@link #end}, and throws it
 * away if that is not reached. For one thread.
 */
public final class Restorer {
  private static final int BATCH_BYTES = 256 << 10;

  private final Core core;
  private final Sizes sizes;
  private final Copying copying;
  private long highest = InodeNumbers.ROOT;
  private @Nullable Inode directory;
  private Update names;
  private final Set<Long> places = new HashSet<>();
  private int count;
  private long bytes;

  Restorer(FileSystem fileSystem, Core core, Sizes sizes) {
    this.core = core;
    this.sizes = sizes;
    copying = new Copying(fileSystem, core);
    names = new Update(core, Copying.operation());
  }

  /** Makes an inode; a regular file without contents, until they are given and ended. */
  public void node(Node node) throws FsException {
    highest = Math.max(highest, node.ino());
    if (node.ino() == InodeNumbers.ROOT) {
      copying.exact(node);
      links(node);
      return;
    }
    Inode inode = core.table().obtainNew(node.ino());
    inode.lock(Blocking.ALLOWED);
    try {
      Update update = new Update(core, Copying.operation());
      update.add(inode, state(node).withXattrBytes(Copying.xattrs(update, node)));
      update.apply();
      inode.fresh(true);
    } finally {
      inode.unlock();
    }
    if (node.type() == FileType.REGULAR) {
      copying.begin(inode, node.attributes().size());
    }
  }

  private InodeState state(Node node) {
    Attributes theirs = node.attributes();
    Attributes plain =
        new AttributesBuilder(node.ino(), node.type(), theirs.created())
            .device(theirs.device())
            .links(theirs.links())
            .size(node.type() == FileType.SYMLINK ? theirs.size() : 0)
            .build();
    boolean regular = node.type() == FileType.REGULAR;
    if (node.type() == FileType.DIRECTORY) {
      Attributes empty = new AttributesBuilder(plain).size(plain.size()).build();
      InodeState made =
          new InodeState(empty, node.parent(), 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 0);
      InodeState sized = made.withEntries(0, 0);
      return sized.with(Copying.exact(theirs, sized.attributes()));
    }
    FileLayout layout = regular ? FileLayout.empty(0) : FileLayout.NONE;
    InodeState made = new InodeState(plain, 0, 0, 0, layout, node.target(), 0, 0);
    InodeState sized = regular ? sizes.grown(made, theirs.size()) : made;
    return sized.with(Copying.exact(theirs, sized.attributes()));
  }

  private void links(Node root) throws FsException {
    Inode inode = copying.inode(root.ino());
    inode.lock(Blocking.ALLOWED);
    try {
      Update update = new Update(core, Copying.operation());
      InodeState state = inode.state();
      update.set(
          inode,
          state.with(
              new AttributesBuilder(state.attributes()).links(root.attributes().links()).build()));
      update.apply();
    } finally {
      inode.unlock();
    }
  }

  /** What comes next of the contents of the file last made. */
  public void data(long ino, long offset, ByteBuffer part) throws FsException {
    copying.data(copying.inode(ino), offset, part);
  }

  /** The contents of the file last made are complete. */
  public void endFile(Node node) throws FsException {
    copying.end(copying.inode(node.ino()));
    copying.exact(node);
  }

  /** Makes a name. All of one directory come one after the other. */
  public void name(Snapshot.Name name) throws FsException {
    if (directory == null || directory.ino() != name.directory()) {
      endDirectory();
      directory = copying.inode(name.directory());
    }
    long place = core.entries().cookie(name.name());
    if (!places.add(place) || names.batch().encodedBytes() > BATCH_BYTES) {
      flush();
      places.add(place);
    }
    Inode inode = copying.inode(name.ino());
    core.entries()
        .add(
            names.batch(),
            name.directory(),
            new DirectoryEntry(inode, name.name()),
            Blocking.ALLOWED);
    count++;
    bytes += DirectoryEntry.meteredBytes(name.name());
  }

  private void endDirectory() {
    if (directory != null) {
      flush();
      directory = null;
    }
  }

  private void flush() {
    Inode its = directory;
    if (its == null) {
      return;
    }
    its.lock(Blocking.ALLOWED);
    try {
      InodeState state = its.state();
      Attributes before = state.attributes();
      InodeState after = state.withEntries(count, bytes);
      names.set(its, after.with(Copying.exact(before, after.attributes())));
      names.apply();
    } finally {
      its.unlock();
    }
    names = new Update(core, Copying.operation());
    places.clear();
    count = 0;
    bytes = 0;
  }

  /** All is there: durable on return, and checked. {@link StoreFault} if it does not fit. */
  public void end() {
    endDirectory();
    core.numbers().raise(highest + 1);
    core.store().awaitDurable(core.store().appliedSequence());
    Fsck.check(
        core.store(),
        problem -> {
          throw new StoreFault("the copy is not a whole file system: " + problem);
        });
  }
}
