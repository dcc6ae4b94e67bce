package tidefs.fs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.StoreFault;

/**
 * Makes a file system follow another, step by step, while it is read: the inodes have the numbers
 * that they have there, and after each step the file system is whole.
 *
 * <p>A round brings it from one instant of the source to a later one: first names are {@linkplain
 * #name given}, directories nearer to the root first; then those that mean nothing any more are
 * {@linkplain #unname taken}, and {@link #endNames} is told; then inodes get their contents and
 * attributes; then the round {@link #endRound ends}. What a new name displaces, and may have a
 * place elsewhere that comes later, is kept meanwhile in a directory in the root, which goes when
 * all names are told. A copy that ends in the middle of a round keeps it, and in it the file whose
 * contents were being written. For one thread at a time.
 */
public final class Importer {
  private static final int HINTS = 1 << 17;

  private final FileSystem fileSystem;
  private final Core core;
  private final Namespace namespace;
  private final Copying copying;

  /** Where directories were named last, as far as this round has looked. */
  private final Map<Long, Place> hints = new HashMap<>();

  private record Place(long directory, byte[] name) {}

  Importer(FileSystem fileSystem, Core core, Namespace namespace) {
    this.fileSystem = fileSystem;
    this.core = core;
    this.namespace = namespace;
    copying = new Copying(fileSystem, core);
  }

  /**
   * A round begins: inodes that are made here, not copied, get numbers from {@code floor} on, and
   * what is displaced goes to a directory {@code lostAndFound} in the root.
   */
  public void beginRound(long floor, String lostAndFound) {
    core.numbers().raise(floor);
    hints.clear();
    if (core.store().get(Keys.LOST_AND_FOUND, Blocking.ALLOWED).isEmpty()) {
      byte[] name = lostAndFound.getBytes(StandardCharsets.UTF_8);
      core.store().apply(new Batch().put(Keys.LOST_AND_FOUND, name), Blocking.ALLOWED);
    }
  }

  /** Which family of copies this file system is of; empty if it never was in one. */
  public Optional<byte[]> lineage() {
    return core.store().get(Keys.LINEAGE, Blocking.ALLOWED);
  }

  /** Lets the file system be of a family of copies. Durable on return. */
  public void lineage(byte[] family) {
    core.store().apply(new Batch().put(Keys.LINEAGE, family), Blocking.ALLOWED);
    sync();
  }

  /** True if there is nothing but the root. */
  public boolean isEmpty() {
    return core.usage().usage().inodes() == 1;
  }

  /** A name will be given or taken in this round. */
  public void announce(long directory, byte[] name) {
    Optional<DirectoryEntries.Placed> placed =
        core.entries().find(directory, name, Blocking.ALLOWED);
    boolean isDirectory = placed.isPresent() && placed.get().entry().type() == FileType.DIRECTORY;
    if (isDirectory && hints.size() < HINTS) {
      hints.put(placed.get().entry().ino(), new Place(directory, name));
    }
  }

  /** Lets a name mean an inode; true if it was not there and was made. */
  public boolean name(long directoryIno, byte[] name, Node node) throws FsException {
    Inode directory = copying.inode(directoryIno);
    Optional<DirectoryEntries.Placed> placed =
        core.entries().find(directoryIno, name, Blocking.ALLOWED);
    if (placed.isPresent()) {
      if (placed.get().entry().ino() == node.ino()) {
        return false;
      }
      displace(directory, name, placed.get().entry());
    }
    Optional<Inode> there = there(node.ino());
    if (there.isEmpty()) {
      namespace.createAs(Copying.operation(), directory, name, what(node), node.ino());
    } else if (there.get().type() != node.type()) {
      throw new StoreFault("the copy and its source have different things under one number");
    } else if (node.type() == FileType.DIRECTORY) {
      Place old = place(there.get());
      Inode from = copying.inode(old.directory());
      fileSystem.rename(Copying.operation(), from, old.name(), directory, name);
    } else {
      fileSystem.link(Copying.operation(), there.get(), directory, name);
    }
    return there.isEmpty();
  }

  private static NewInode what(Node node) {
    int mode = node.attributes().mode();
    AttributeChanges attributes =
        new AttributeChanges(
            OptionalInt.of(mode),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    return new NewInode(node.type(), attributes, node.target(), node.attributes().device(), 0);
  }

  private Optional<Inode> there(long ino) throws FsException {
    try {
      return Optional.of(copying.inode(ino));
    } catch (FsException e) {
      if (e.errno() == Errno.ESTALE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Where a directory is named. */
  private Place place(Inode directory) {
    Place hint = hints.get(directory.ino());
    long parent = directory.state().parent();
    if (hint != null && hint.directory() == parent && means(hint, directory.ino())) {
      return hint;
    }
    byte[] from = Keys.entry(parent, 0);
    try (Entries all = core.store().scan(from, Keys.entry(parent + 1, 0), Blocking.ALLOWED)) {
      while (all.next()) {
        DirectoryEntry entry = DirectoryEntry.decode(all.value());
        if (entry.ino() == directory.ino()) {
          return new Place(parent, entry.name());
        }
      }
    }
    throw new StoreFault("a directory is not where it says");
  }

  private boolean means(Place place, long ino) {
    return core.entries()
        .find(place.directory(), place.name(), Blocking.ALLOWED)
        .filter(it -> it.entry().ino() == ino)
        .isPresent();
  }

  /** Takes a name, if it is there. */
  public void unname(long directoryIno, byte[] name) throws FsException {
    Optional<Inode> directory = there(directoryIno);
    Optional<DirectoryEntries.Placed> placed =
        core.entries().find(directoryIno, name, Blocking.ALLOWED);
    if (directory.isEmpty() || placed.isEmpty()) {
      return;
    }
    DirectoryEntry entry = placed.get().entry();
    boolean full =
        entry.type() == FileType.DIRECTORY && copying.inode(entry.ino()).state().entries() > 0;
    if (full) {
      displace(directory.get(), name, entry);
    } else {
      fileSystem.remove(Copying.operation(), directory.get(), name);
    }
  }

  /** Keeps only these names of a directory; the inodes behind them do not matter. */
  public void keepOnly(long directoryIno, java.util.Set<ByteBuffer> names) throws FsException {
    Inode directory = copying.inode(directoryIno);
    byte[] from = Keys.entry(directoryIno, 0);
    byte[] to = Keys.entry(directoryIno + 1, 0);
    byte[] own = core.store().get(Keys.LOST_AND_FOUND, Blocking.ALLOWED).orElse(new byte[0]);
    try (Entries all = core.store().scan(from, to, Blocking.ALLOWED)) {
      while (all.next()) {
        DirectoryEntry entry = DirectoryEntry.decode(all.value());
        boolean staged = directoryIno == InodeNumbers.ROOT && Arrays.equals(own, entry.name());
        if (!entry.left() && !staged && !names.contains(ByteBuffer.wrap(entry.name()))) {
          displace(directory, entry.name(), entry);
        }
      }
    }
  }

  private void displace(Inode directory, byte[] name, DirectoryEntry entry) throws FsException {
    Inode inode = copying.inode(entry.ino());
    if (entry.type() != FileType.DIRECTORY && inode.state().attributes().links() > 1) {
      fileSystem.remove(Copying.operation(), directory, name);
      return;
    }
    byte[] kept = stagedName(entry.ino());
    fileSystem.rename(Copying.operation(), directory, name, lostAndFound(), kept);
    if (entry.type() == FileType.DIRECTORY) {
      hints.put(entry.ino(), new Place(lostAndFound().ino(), kept));
    }
  }

  private static byte[] stagedName(long ino) {
    return Long.toHexString(ino).getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] lostAndFoundName() {
    return core.store()
        .get(Keys.LOST_AND_FOUND, Blocking.ALLOWED)
        .orElseThrow(() -> new StoreFault("a round has begun before anything is displaced"));
  }

  private Inode lostAndFound() throws FsException {
    byte[] name = lostAndFoundName();
    try {
      return fileSystem.lookup(Copying.operation(), fileSystem.root(), name);
    } catch (FsException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    Node root = node(fileSystem.root());
    AttributeChanges closed =
        new AttributeChanges(
            OptionalInt.of(0700),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    NewInode what = new NewInode(FileType.DIRECTORY, closed, InodeState.NO_DATA, 0);
    Inode made = fileSystem.create(Copying.operation(), fileSystem.root(), name, what).inode();
    copying.exact(root);
    return made;
  }

  private Node node(Inode inode) {
    InodeState state = inode.state();
    return new Node(
        state.attributes(),
        state.parent(),
        InodeState.NO_DATA,
        ExtendedAttributes.all(core.store(), inode.ino()));
  }

  /** The attributes of an inode here, if it is here. */
  public Optional<Attributes> attributes(long ino) throws FsException {
    Optional<Inode> there = there(ino);
    return there.map(inode -> inode.state().attributes());
  }

  /** Gives an inode exactly these attributes and extended attributes. */
  public void attributes(Node node) throws FsException {
    copying.exact(node);
  }

  /** Begins to write the contents of a file. */
  public void begin(Node node) throws FsException {
    Inode file = copying.inode(node.ino());
    if (file.state().attributes().size() > 0) {
      byte[] ino = ByteBuffer.allocate(Long.BYTES).putLong(node.ino()).array();
      core.store().apply(new Batch().put(Keys.UNFINISHED, ino), Blocking.ALLOWED);
    }
    copying.begin(file, node.attributes().size());
  }

  /** What comes next of the contents; what lies before and was not given is a hole. */
  public void data(long ino, long offset, ByteBuffer bytes) throws FsException {
    copying.data(copying.inode(ino), offset, bytes);
  }

  /** What comes next of the contents is here already. */
  public void keep(long ino, long offset, int length) throws FsException {
    copying.keep(copying.inode(ino), offset, length);
  }

  /**
   * The digest of some of a file's contents here; of fewer bytes if it ends before, and none if
   * some of it is a hole.
   */
  public byte[] digest(long ino, long offset, int length) throws FsException {
    Inode file = copying.inode(ino);
    int there = fileSystem.extent(Copying.operation(), file, offset, length).bytes();
    if (there < length
        || fileSystem.seek(Copying.operation(), file, offset, false) < offset + length) {
      return InodeState.NO_DATA;
    }
    ByteBuffer target = ByteBuffer.allocateDirect(there);
    fileSystem.read(Copying.operation(), file, offset, target).join();
    return digest(target);
  }

  /** The digest of bytes, as both sides of a copy make it. Leaves the buffer as it was. */
  public static byte[] digest(ByteBuffer bytes) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes.duplicate());
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The contents of a file are complete: gives it its attributes. */
  public void end(Node node) throws FsException {
    copying.end(copying.inode(node.ino()));
    copying.exact(node);
    if (core.store().get(Keys.UNFINISHED, Blocking.ALLOWED).isPresent()) {
      core.store().apply(new Batch().delete(Keys.UNFINISHED), Blocking.ALLOWED);
    }
  }

  /** What was done so far is durable on return. */
  public void sync() {
    core.store().awaitDurable(core.store().appliedSequence());
  }

  /** All names are told: what they displaced and did not place again goes. */
  public void endNames() throws FsException {
    Optional<byte[]> name = core.store().get(Keys.LOST_AND_FOUND, Blocking.ALLOWED);
    if (name.isPresent()) {
      Optional<DirectoryEntries.Placed> placed =
          core.entries().find(InodeNumbers.ROOT, name.get(), Blocking.ALLOWED);
      if (placed.isPresent()) {
        Node root = node(fileSystem.root());
        removeTree(fileSystem.root(), name.get(), placed.get().entry());
        copying.exact(root);
      }
    }
  }

  /** The round is complete. Durable on return. */
  public void endRound() {
    core.store().apply(new Batch().delete(Keys.LOST_AND_FOUND), Blocking.ALLOWED);
    sync();
  }

  private void removeTree(Inode directory, byte[] name, DirectoryEntry entry) throws FsException {
    if (entry.type() == FileType.DIRECTORY) {
      Inode tree = copying.inode(entry.ino());
      byte[] from = Keys.entry(entry.ino(), 0);
      byte[] to = Keys.entry(entry.ino() + 1, 0);
      try (Entries all = core.store().scan(from, to, Blocking.ALLOWED)) {
        while (all.next()) {
          DirectoryEntry child = DirectoryEntry.decode(all.value());
          if (!child.left()) {
            removeTree(tree, child.name(), child);
          }
        }
      }
    }
    fileSystem.remove(Copying.operation(), directory, name);
  }

  /**
   * The file system follows no more. A file whose contents were being written gets a second name in
   * the directory of what was displaced, which stays. Durable on return.
   */
  public void release() throws FsException {
    Optional<byte[]> unfinished = core.store().get(Keys.UNFINISHED, Blocking.ALLOWED);
    if (unfinished.isPresent()) {
      long ino = ByteBuffer.wrap(unfinished.get()).getLong();
      Optional<Inode> file = there(ino);
      boolean named = core.store().get(Keys.LOST_AND_FOUND, Blocking.ALLOWED).isPresent();
      if (file.isPresent() && named) {
        try {
          fileSystem.link(Copying.operation(), file.get(), lostAndFound(), stagedName(ino));
        } catch (FsException e) {
          if (e.errno() != Errno.EEXIST && e.errno() != Errno.EMLINK) {
            throw e;
          }
        }
      }
    }
    Batch batch = new Batch().delete(Keys.UNFINISHED).delete(Keys.LOST_AND_FOUND);
    core.store().apply(batch, Blocking.ALLOWED);
    sync();
  }
}
