package tidefs.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;
import tidefs.testkit.Entry;
import tidefs.testkit.FileAttributes;
import tidefs.testkit.NfsClient;

/** Compares a directory of the server, and all below it, with what a client knows of it. */
final class Comparison {
  private final NfsClient client;
  private final List<String> differences = new ArrayList<>();

  /** What was found under the first name of each node. */
  private final IdentityHashMap<Node, FileAttributes> met = new IdentityHashMap<>();

  private Comparison(NfsClient client) {
    this.client = client;
  }

  /** All differences. If there are none, handles and ids that were not known are so afterwards. */
  static List<String> differences(NfsClient client, Node directory) throws IOException {
    Comparison comparison = new Comparison(client);
    comparison.directory("", directory, directory.at());
    if (comparison.differences.isEmpty()) {
      comparison.met.forEach(Comparison::learn);
    }
    return comparison.differences;
  }

  private static void learn(Node node, FileAttributes attributes) {
    node.handle = attributes.handle();
    node.fileId = attributes.fileId();
  }

  private void directory(String path, Node expected, FileHandle at) throws IOException {
    List<Entry> all =
        client.readdir(
            at,
            Attribute.TYPE,
            Attribute.MODE,
            Attribute.NUMLINKS,
            Attribute.FILEID,
            Attribute.FILEHANDLE);
    Map<String, FileAttributes> found =
        all.stream()
            .collect(
                Collectors.toMap(
                    Entry::name, Entry::attributes, (one, other) -> one, TreeMap::new));
    if (found.size() != all.size()) {
      differences.add(path + "/ lists a name twice");
    }
    for (String name : found.keySet()) {
      if (!expected.entries.containsKey(name)) {
        differences.add(path + "/" + name + " should not be there");
      }
    }
    for (Map.Entry<String, Node> entry : expected.entries.entrySet()) {
      FileAttributes attributes = found.get(entry.getKey());
      if (attributes == null) {
        differences.add(path + "/" + entry.getKey() + " is missing");
      } else {
        node(path + "/" + entry.getKey(), entry.getValue(), attributes);
      }
    }
  }

  private void node(String path, Node expected, FileAttributes found) throws IOException {
    FileAttributes known = met.computeIfAbsent(expected, unknown -> found);
    long fileId = expected.fileId == 0 ? known.fileId() : expected.fileId;
    FileHandle handle = expected.handle == null ? known.handle() : expected.handle;
    if (found.type() != expected.kind.type
        || found.mode() != expected.mode
        || found.links() != expected.links()
        || found.fileId() != fileId
        || !found.handle().equals(handle)) {
      differences.add(
          "%s is %s, not %s with mode %o, %d links, inode %d"
              .formatted(path, found, expected.kind, expected.mode, expected.links(), fileId));
      return;
    }
    switch (expected.kind) {
      case DIRECTORY -> directory(path, expected, found.handle());
      case SYMLINK -> {
        if (!client.readlink(found.handle()).equals(expected.target)) {
          differences.add(path + " leads elsewhere");
        }
      }
      case FILE ->
          expected
              .contents
              .compare(client.readAll(found.handle()))
              .ifPresent(difference -> differences.add(path + " " + difference));
    }
  }
}
