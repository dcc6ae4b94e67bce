package tidefs.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.fs.AttributeChanges;
import tidefs.fs.Attributes;
import tidefs.fs.Credentials;
import tidefs.fs.Errno;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Time;

/** What a file system must do, as plainly as possible: maps in memory, no caches, no crash. */
public final class FsModel {
  private static final int BLOCK = 4_096;

  /** The root. */
  public final Node root = new Node(FileType.DIRECTORY, 0755, 0, 0);

  private long inodes = 1;

  /** An inode. */
  public static final class Node {
    /** What it is. */
    public final FileType type;

    /** Names of a directory. */
    public final Map<String, Node> entries = new TreeMap<>();

    /** Who keeps it open. */
    public int holds;

    /** Changes of anything, and of data, so far. */
    public int changes;

    /** Changes of data so far. */
    public int modifications;

    /** The modification time that was set last and not moved since. */
    public Optional<Time> modified = Optional.empty();

    /** Its contents. */
    public FsModelContent content = new FsModelContent();

    /** Its contents as they last became durable, while they are ahead of that. */
    public Optional<FsModelContent> durable = Optional.empty();

    /** Its extended attributes. */
    public final Map<String, byte[]> xattrs = new TreeMap<>();

    private Node parent = this;
    private int mode;
    private int uid;
    private int gid;
    private int links;
    private long entryBytes;
    private byte[] target = {};
    private long verifier;

    Node(FileType type, int mode, int uid, int gid) {
      this.type = type;
      this.mode = mode;
      this.uid = uid;
      this.gid = gid;
      links = type == FileType.DIRECTORY ? 2 : 1;
    }

    /** True while someone can reach it. */
    public boolean alive() {
      return links > 0 || holds > 0;
    }

    /** Names that it has. */
    public int links() {
      return links;
    }

    /** The twelve mode bits. */
    public int mode() {
      return mode;
    }

    /** The directory above. */
    public Node parent() {
      return parent;
    }

    /** A symbolic link's target. */
    public byte[] target() {
      return target;
    }

    long xattrBytes() {
      long sum = 0;
      for (Map.Entry<String, byte[]> each : xattrs.entrySet()) {
        sum += each.getKey().length() + each.getValue().length + 32;
      }
      return sum;
    }

    private long space() {
      return switch (type) {
        case DIRECTORY -> Math.max(BLOCK, (entryBytes + BLOCK - 1) / BLOCK * BLOCK);
        case REGULAR -> content.space();
        case SYMLINK, FIFO, SOCKET, BLOCK, CHARACTER -> BLOCK;
      };
    }

    void touch() {
      changes++;
    }

    void modify() {
      touch();
      modifications++;
      modified = Optional.empty();
    }

    /** True if {@code actual} is what users must see, times apart. */
    public String difference(Attributes actual) {
      long size =
          switch (type) {
            case DIRECTORY -> space() + 2_048;
            case REGULAR -> content.size;
            case SYMLINK -> target.length;
            case FIFO, SOCKET, BLOCK, CHARACTER -> 0;
          };
      boolean same =
          actual.type() == type
              && actual.mode() == mode
              && actual.uid() == uid
              && actual.gid() == gid
              && actual.links() == links
              && actual.size() == size
              && actual.spaceUsed() == space();
      return same
          ? ""
          : "expected mode=%o uid=%d gid=%d links=%d size=%d space=%d, but was %s"
              .formatted(mode, uid, gid, links, size, space(), actual);
    }
  }

  /** What the file system is metered with, and how many inodes it has. */
  public long inodes() {
    return inodes;
  }

  private static int access(Credentials who, Node node) {
    if (who.uid() == 0) {
      return node.type == FileType.DIRECTORY || (node.mode & 0111) != 0 ? 7 : 6;
    }
    if (who.uid() == node.uid) {
      return node.mode >> 6 & 7;
    }
    return who.in(node.gid) ? node.mode >> 3 & 7 : node.mode & 7;
  }

  static void need(boolean condition, Errno errno) throws FsException {
    if (!condition) {
      throw new FsException(errno);
    }
  }

  static void may(Credentials who, Node node, int wanted) throws FsException {
    need((access(who, node) & wanted) == wanted, Errno.EACCES);
  }

  static void alive(Node node) throws FsException {
    need(node.alive(), Errno.ESTALE);
  }

  private static void search(Credentials who, Node directory) throws FsException {
    alive(directory);
    need(directory.type != FileType.SYMLINK, Errno.ELOOP);
    need(directory.type == FileType.DIRECTORY, Errno.ENOTDIR);
    may(who, directory, 1);
  }

  private static void named(String name) throws FsException {
    need(name.length() <= 255, Errno.ENAMETOOLONG);
  }

  /** Looks up. */
  public Node lookup(Credentials who, Node directory, String name) throws FsException {
    search(who, directory);
    named(name);
    Node found = directory.entries.get(name);
    need(found != null, Errno.ENOENT);
    return found;
  }

  /** May list. */
  public void checkList(Credentials who, Node directory) throws FsException {
    alive(directory);
    need(directory.type != FileType.SYMLINK, Errno.ELOOP);
    need(directory.type == FileType.DIRECTORY, Errno.ENOTDIR);
    may(who, directory, 4);
  }

  /** Makes. */
  public Node create(
      Credentials who, Node directory, String name, FileType type, int mode, byte[] target)
      throws FsException {
    search(who, directory);
    named(name);
    need(!directory.entries.containsKey(name), Errno.EEXIST);
    may(who, directory, 2);
    need(directory.links > 0, Errno.ENOENT);
    boolean inherits = (directory.mode & 02000) != 0;
    int gid = inherits ? directory.gid : who.gid();
    int allowed = who.uid() == 0 || who.in(gid) ? mode : mode & ~02000;
    if (inherits && type == FileType.DIRECTORY) {
      allowed |= 02000;
    }
    Node made = new Node(type, allowed, who.uid(), gid);
    made.target = target;
    made.parent = directory;
    enter(directory, name, made);
    inodes++;
    return made;
  }

  private static void enter(Node directory, String name, Node node) {
    directory.entries.put(name, node);
    directory.entryBytes += name.length() + 32;
    directory.links += node.type == FileType.DIRECTORY ? 1 : 0;
    directory.modify();
  }

  private static void leave(Node directory, String name, Node node) {
    directory.entries.remove(name);
    directory.entryBytes -= name.length() + 32;
    directory.links -= node.type == FileType.DIRECTORY ? 1 : 0;
    directory.modify();
  }

  /** Links. */
  public void link(Credentials who, Node node, Node directory, String name) throws FsException {
    need(node.type != FileType.DIRECTORY, Errno.EPERM);
    search(who, directory);
    named(name);
    alive(node);
    need(!directory.entries.containsKey(name), Errno.EEXIST);
    may(who, directory, 2);
    need(directory.links > 0 && node.links > 0, Errno.ENOENT);
    need(node.links < 177, Errno.EMLINK);
    enter(directory, name, node);
    node.links++;
    node.touch();
  }

  /** Removes. */
  public void remove(Credentials who, Node directory, String name) throws FsException {
    Node node = lookup(who, directory, name);
    removable(who, directory, node);
    need(node.entries.isEmpty(), Errno.ENOTEMPTY);
    leave(directory, name, node);
    unlink(node);
  }

  private static void removable(Credentials who, Node directory, Node node) throws FsException {
    may(who, directory, 2);
    sticky(who, directory, node);
  }

  static void sticky(Credentials who, Node directory, Node node) throws FsException {
    boolean may =
        (directory.mode & 01000) == 0
            || who.uid() == 0
            || who.uid() == directory.uid
            || who.uid() == node.uid;
    need(may, Errno.EPERM);
  }

  private void unlink(Node node) {
    node.links = node.type == FileType.DIRECTORY ? 0 : node.links - 1;
    node.touch();
    if (!node.alive()) {
      inodes--;
    }
  }

  /** Lets go of what was held. */
  public void release(Node node) {
    node.holds--;
    if (!node.alive()) {
      inodes--;
    }
  }

  /** Renames. */
  public void rename(Credentials who, Node source, String from, Node target, String to)
      throws FsException {
    search(who, source);
    search(who, target);
    named(from);
    named(to);
    Node node = source.entries.get(from);
    need(node != null, Errno.ENOENT);
    boolean moves = node.type == FileType.DIRECTORY && source != target;
    if (moves) {
      for (Node at = target; at != root; at = at.parent) {
        need(at != node, Errno.EINVAL);
      }
    }
    Node over = target.entries.get(to);
    if (over == node) {
      return;
    }
    removable(who, source, node);
    may(who, target, 2);
    need(target.links > 0, Errno.ENOENT);
    if (moves) {
      may(who, node, 2);
    }
    if (over != null) {
      sticky(who, target, over);
      boolean directory = node.type == FileType.DIRECTORY;
      if (directory != (over.type == FileType.DIRECTORY)) {
        throw new FsException(directory ? Errno.ENOTDIR : Errno.EISDIR);
      }
      need(over.entries.isEmpty(), Errno.ENOTEMPTY);
      leave(target, to, over);
      unlink(over);
    }
    leave(source, from, node);
    enter(target, to, node);
    node.touch();
    if (moves) {
      node.parent = target;
    }
  }

  static void regular(Node node) throws FsException {
    alive(node);
    need(node.type != FileType.DIRECTORY, Errno.EISDIR);
    need(node.type == FileType.REGULAR, Errno.ENOTREG);
  }

  /** May read. */
  public void checkRead(Node node) throws FsException {
    regular(node);
  }

  /** Writes. */
  public void write(Credentials who, Node node, long offset, byte[] bytes, boolean stable)
      throws FsException {
    regular(node);
    if (bytes.length == 0) {
      return;
    }
    if (!stable && node.durable.isEmpty()) {
      node.durable = Optional.of(node.content.copy());
    }
    node.content.write(offset, bytes);
    node.modify();
    if (who.uid() != 0) {
      clearSetIds(node);
    }
    if (stable) {
      node.durable = Optional.empty();
    }
  }

  /** Commits. */
  public void commit(Node node) throws FsException {
    regular(node);
    node.durable = Optional.empty();
  }

  static void clearSetIds(Node node) {
    node.mode &= ~04000;
    if ((node.mode & 0010) != 0) {
      node.mode &= ~02000;
    }
  }

  /** Sets attributes. */
  public void set(Credentials who, Node node, AttributeChanges changes, boolean writable)
      throws FsException {
    alive(node);
    if (changes.size().isPresent()) {
      need(node.type != FileType.DIRECTORY, Errno.EISDIR);
      need(node.type == FileType.REGULAR, Errno.EINVAL);
      if (!writable) {
        may(who, node, 2);
      }
    }
    boolean privileged = who.uid() == 0;
    boolean owns = privileged || who.uid() == node.uid;
    need(changes.mode().isEmpty() || owns, Errno.EPERM);
    if (changes.uid().isPresent() && !privileged) {
      need(owns && changes.uid().getAsInt() == node.uid, Errno.EPERM);
    }
    if (changes.gid().isPresent() && !privileged) {
      int gid = changes.gid().getAsInt();
      need(owns && (gid == node.gid || who.in(gid)), Errno.EPERM);
    }
    if (changes.modified().isPresent() && !owns) {
      boolean now = changes.modified().get() instanceof AttributeChanges.TimeChange.Now;
      need(now, Errno.EPERM);
      if (!writable) {
        may(who, node, 2);
      }
    }
    boolean chowns = changes.uid().isPresent() || changes.gid().isPresent();
    boolean writes = changes.size().isPresent() && !privileged;
    if (node.type != FileType.DIRECTORY && (chowns || writes)) {
      clearSetIds(node);
    }
    node.uid = changes.uid().orElse(node.uid);
    node.gid = changes.gid().orElse(node.gid);
    if (changes.mode().isPresent()) {
      int mode = changes.mode().getAsInt();
      node.mode = privileged || who.in(node.gid) ? mode : mode & ~02000;
    }
    if (changes.size().isPresent()) {
      node.content.resize(changes.size().getAsLong());
      node.modify();
      node.durable = node.durable.map(_ -> node.content.copy());
    } else {
      node.touch();
    }
    switch (changes.modified().orElse(null)) {
      case null -> {}
      case AttributeChanges.TimeChange.Now _ -> node.modify();
      case AttributeChanges.TimeChange.To to -> {
        node.modify();
        node.modified = Optional.of(to.time());
      }
    }
  }

  /** Bytes that the file system is metered with; {@code nodes} are all that are alive. */
  public static long meteredBytes(Iterable<Node> nodes) {
    long sum = 0;
    for (Node each : nodes) {
      sum += each.space() + 2_048 + (each.xattrBytes() + BLOCK - 1) / BLOCK * BLOCK;
    }
    return sum;
  }
}
