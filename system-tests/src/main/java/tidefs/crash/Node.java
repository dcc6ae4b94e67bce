package tidefs.crash;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.FileHandle;
import tidefs.testkit.OpenFile;

/** A file or directory as its client knows it. */
final class Node {
  /** What a node is. */
  enum Kind {
    FILE(1),
    DIRECTORY(2),
    SYMLINK(5);

    /** Its nfs_ftype4. */
    final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  final Kind kind;

  /** A directory's. */
  final Map<String, Node> entries = new TreeMap<>();

  /** A file's. */
  final Contents contents = new Contents();

  /** A symbolic link's. */
  final String target;

  int mode;
  int names;

  /** Unknown while the reply to its creation is. */
  @Nullable FileHandle handle;

  long fileId;

  /** If the client has it open. */
  @Nullable OpenFile open;

  /** With which verifier the first of its unstable writes was answered; 0 if there are none. */
  long verifier;

  Node(Kind kind, int mode, String target) {
    this.kind = kind;
    this.mode = mode;
    this.target = target;
  }

  /** Where it is on the server; known once it was made. */
  FileHandle at() {
    FileHandle known = handle;
    if (known == null) {
      throw new IllegalStateException("a file whose handle is not known yet");
    }
    return known;
  }

  /** Gives it a name in a directory, taking the place of what has it. */
  void enter(Node directory, String name) {
    Node replaced = directory.entries.put(name, this);
    names++;
    if (replaced != null) {
      replaced.names--;
    }
  }

  /** Takes a name of it away. */
  void leave(Node directory, String name) {
    directory.entries.remove(name);
    names--;
  }

  /** How many links the server should tell of. */
  int links() {
    return switch (kind) {
      case FILE, SYMLINK -> names;
      case DIRECTORY ->
          2 + (int) entries.values().stream().filter(each -> each.kind == Kind.DIRECTORY).count();
    };
  }
}
