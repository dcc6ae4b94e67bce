package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static tidefs.testkit.FileSystemRig.name;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.StoreResources;
import tidefs.store.crypt.DataKey;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.FsModel;
import tidefs.testkit.FsModel.Node;
import tidefs.testkit.FsModelContent;

/** One run of random operations on a file system and the model. */
final class ModelRun implements AutoCloseable {
  private static final int MOST_NODES = 150;
  final FileSystemRig rig;
  final Random random;
  final ModelChoice choice;
  final FsModel model = new FsModel();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, Inode> inodes = new HashMap<>();
  private final Map<Node, Seen> seen = new HashMap<>();
  private final ModelExtensions extensions = new ModelExtensions(this);
  private final ModelTiers tiers = new ModelTiers(this);
  private final boolean moves;
  String step = "";

  /** What was last seen of an inode's times, and the model's counts then. */
  private record Seen(int changes, int modifications, long change, Time modified) {}

  /** A call that answers or refuses. */
  interface Call<T> {
    T call() throws FsException;
  }

  ModelRun(
      Path directory, StoreResources resources, long seed, Optional<DataKey> key, boolean moves)
      throws FsException {
    this.moves = moves;
    rig = new FileSystemRig(directory, resources, seed, key);
    random = new Random(seed);
    choice = new ModelChoice(random);
    nodes.add(model.root);
    inodes.put(model.root, rig.fs().root());
    rig.fs().setAttributes(FileSystemRig.root(), rig.fs().root(), FileSystemRig.mode(0777), false);
    model.set(Credentials.ROOT, model.root, FileSystemRig.mode(0777), false);
  }

  void step() throws FsException {
    nodes.forEach(tiers::committed);
    int dice = random.nextInt(1_000);
    if (moves && random.nextInt(8) == 0) {
      tiers.step();
    } else if (dice < 250) {
      create();
    } else if (dice < 270) {
      link();
    } else if (dice < 400) {
      remove();
    } else if (dice < 470) {
      rename();
    } else if (dice < 680) {
      write();
    } else if (dice < 760) {
      read();
    } else if (dice < 850) {
      set();
    } else if (dice < 880) {
      commit();
    } else if (dice < 910) {
      list();
    } else if (dice < 940) {
      hold();
    } else if (dice < 960) {
      tiers.lookup();
    } else if (dice < 990) {
      extensions.step();
    } else if (dice < 996) {
      rig.runBackground();
    } else if (dice < 998) {
      checkAll();
    } else {
      kill();
    }
  }

  void finish() throws FsException {
    checkAll();
    assertThat(rig.check()).as(step).isEmpty();
    checkAll();
    if (moves) {
      tiers.checkPlaces();
    }
  }

  @Override
  public void close() {
    rig.close();
  }

  List<Node> nodes() {
    return nodes;
  }

  Node any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  Node any(FileType type) {
    for (int i = 0; i < 20; i++) {
      Node node = any();
      if (node.type == type) {
        return node;
      }
    }
    return any();
  }

  Inode inode(Node node) {
    return inodes.get(node);
  }

  /** Does the same on both; an event loop's attempt may come first. True if both answered. */
  <T> Optional<T> both(Credentials who, Call<?> onModel, Fs<T> onFs) {
    Errno expected = null;
    try {
      onModel.call();
    } catch (FsException e) {
      expected = e.errno();
    }
    Errno actual = null;
    T answer = null;
    try {
      answer = attempt(who, onFs);
    } catch (FsException e) {
      actual = e.errno();
    }
    assertThat(actual).as(step).isEqualTo(expected);
    return Optional.ofNullable(answer);
  }

  interface Fs<T> {
    T call(Operation operation) throws FsException;
  }

  private <T> T attempt(Credentials who, Fs<T> call) throws FsException {
    if (random.nextBoolean()) {
      try {
        return call.call(new Operation(who, Blocking.FORBIDDEN));
      } catch (WouldBlock e) {
        // As an event loop does: again where waiting is allowed.
      }
    }
    return call.call(new Operation(who, Blocking.ALLOWED));
  }

  void note(String format, Object... arguments) {
    step = format.formatted(arguments);
  }

  private void create() {
    Node directory = any(FileType.DIRECTORY);
    if (nodes.size() >= MOST_NODES) {
      remove();
      return;
    }
    Credentials who = choice.someone();
    FileType type = choice.type();
    int mode = random.nextInt(5) == 0 ? random.nextInt(010000) : 0777;
    String name = choice.name();
    byte[] target = type == FileType.SYMLINK ? new byte[1 + random.nextInt(4_080)] : new byte[0];
    NewInode what = new NewInode(type, FileSystemRig.mode(mode), target, 0);
    note("create %s %s %o by %s", name, type, mode, who);
    Node[] made = new Node[1];
    both(
            who,
            () -> made[0] = model.create(who, directory, name, type, mode, target),
            operation -> rig.fs().create(operation, inode(directory), name(name), what))
        .ifPresent(created -> {
          nodes.add(made[0]);
          inodes.put(made[0], created.inode());
          check(made[0]);
        });
    check(directory);
  }

  private void link() {
    Node node = any();
    Node directory = any(FileType.DIRECTORY);
    Credentials who = choice.someone();
    String name = choice.name();
    note("link %s by %s", name, who);
    both(
        who,
        () -> done(() -> model.link(who, node, directory, name)),
        operation -> rig.fs().link(operation, inode(node), inode(directory), name(name)));
    check(node);
    check(directory);
  }

  interface Act {
    void act() throws FsException;
  }

  static boolean done(Act act) throws FsException {
    act.act();
    return true;
  }

  private void remove() {
    Node directory = any(FileType.DIRECTORY);
    Credentials who = choice.someone();
    String name = existing(directory);
    note("remove %s by %s", name, who);
    both(
        who,
        () -> done(() -> model.remove(who, directory, name)),
        operation -> rig.fs().remove(operation, inode(directory), name(name)));
    check(directory);
    bury();
  }

  String existing(Node directory) {
    List<String> names = new ArrayList<>(directory.entries.keySet());
    return names.isEmpty() || random.nextInt(10) == 0
        ? choice.name()
        : names.get(random.nextInt(names.size()));
  }

  private void bury() {
    nodes.removeIf(node -> {
      if (node.alive()) {
        return false;
      }
      Inode gone = inodes.remove(node);
      seen.remove(node);
      try {
        rig.fs().attributes(FileSystemRig.root(), gone);
        fail("%s: %s is there though it was removed", step, gone);
      } catch (FsException e) {
        assertThat(e.errno()).isEqualTo(Errno.ESTALE);
      }
      return true;
    });
  }

  private void rename() {
    Node source = any(FileType.DIRECTORY);
    Node target = random.nextInt(3) == 0 ? source : any(FileType.DIRECTORY);
    Credentials who = choice.someone();
    String from = existing(source);
    String to = random.nextBoolean() ? existing(target) : choice.name();
    note("rename %s to %s by %s", from, to, who);
    both(
        who,
        () -> done(() -> model.rename(who, source, from, target, to)),
        operation ->
            rig.fs().rename(operation, inode(source), name(from), inode(target), name(to)));
    check(source);
    check(target);
    bury();
  }

  private void write() {
    Node file = any(FileType.REGULAR);
    Credentials who = choice.someone();
    long offset = choice.offset(file);
    byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? 20_000 : 3_000)];
    random.nextBytes(bytes);
    Stability stability = Stability.values()[random.nextInt(4) == 0 ? 2 : 0];
    note("write %d at %d %s by %s", bytes.length, offset, stability, who);
    both(
        who,
        () -> done(() -> model.write(who, file, offset, bytes, stability != Stability.UNSTABLE)),
        operation -> {
          ByteBuffer source = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
          rig.fs().write(operation, inode(file), offset, source, stability).join();
          return true;
        });
    check(file);
  }

  private void read() {
    Node file = any(FileType.REGULAR);
    long offset = choice.offset(file);
    int count = random.nextInt(20_000);
    note("read %d at %d", count, offset);
    both(
            Credentials.ROOT,
            () -> done(() -> model.checkRead(file)),
            operation -> rig.read(operation, inode(file), offset, count))
        .ifPresent(bytes -> assertSame(bytes, file.content.read(offset, count)));
  }

  void assertSame(byte[] actual, byte[] expected) {
    int at = Arrays.mismatch(actual, expected);
    if (at >= 0) {
      fail("%s: bytes differ at %d of %d/%d", step, at, actual.length, expected.length);
    }
  }

  private void set() {
    Node node = any();
    Credentials who = choice.someone();
    boolean writable = random.nextBoolean();
    AttributeChanges changes = choice.changes(node);
    note("set %s by %s", changes, who);
    both(
        who,
        () -> done(() -> model.set(who, node, changes, writable)),
        operation -> rig.fs().setAttributes(operation, inode(node), changes, writable));
    check(node);
  }

  private void commit() {
    Node file = any(FileType.REGULAR);
    note("commit");
    both(
        Credentials.ROOT,
        () -> done(() -> model.commit(file)),
        operation -> {
          rig.fs().commit(operation, inode(file)).join();
          return true;
        });
    check(file);
  }

  private void list() {
    Node directory = any(FileType.DIRECTORY);
    Credentials who = choice.someone();
    int page = 1 + random.nextInt(8); // Not when it is tried again: a run is replayed by its seed.
    note("list by %s", who);
    both(
            who,
            () -> done(() -> model.checkList(who, directory)),
            operation -> page(operation, directory, page))
        .ifPresent(names -> assertThat(names).as(step).isEqualTo(directory.entries.keySet()));
  }

  private Set<String> page(Operation operation, Node directory, int page) throws FsException {
    Set<String> names = new HashSet<>();
    long[] cookie = new long[1];
    boolean end = false;
    while (!end) {
      int[] taken = new int[1];
      end =
          rig.fs()
              .list(
                  operation,
                  inode(directory),
                  cookie[0],
                  (at, bytes, ino, attributes) -> {
                    if (taken[0]++ == page) {
                      return false;
                    }
                    cookie[0] = at;
                    String name = new String(bytes, StandardCharsets.UTF_8);
                    assertThat(names.add(name)).as("%s: %s twice", step, name).isTrue();
                    Node node = directory.entries.get(name);
                    assertThat(node).as("%s: %s", step, name).isNotNull();
                    assertThat(node.difference(attributes)).as(step).isEmpty();
                    return true;
                  });
    }
    return names;
  }

  private void hold() {
    Node node = any(FileType.REGULAR);
    if (node.holds > 0 && random.nextBoolean()) {
      note("release");
      model.release(node);
      rig.fs().release(inode(node));
      rig.runBackground(); // An inode with extended attributes may go there.
      bury();
    } else if (node.type == FileType.REGULAR) {
      note("retain");
      node.holds++;
      rig.fs().retain(inode(node));
    }
  }

  /** Compares an inode's attributes, and that its times moved if and only if they had to. */
  void check(Node node) {
    if (!node.alive()) {
      return;
    }
    try {
      Attributes now = rig.fs().attributes(FileSystemRig.root(), inode(node));
      assertThat(node.difference(now)).as(step).isEmpty();
      Seen before = seen.get(node);
      if (before != null) {
        boolean changed = before.changes() != node.changes;
        assertThat(now.change() > before.change()).as("%s: change", step).isEqualTo(changed);
        if (node.modified.isPresent()) {
          assertThat(now.modified()).as(step).isEqualTo(node.modified.get());
        } else {
          boolean modified = before.modifications() != node.modifications;
          assertThat(!now.modified().equals(before.modified()))
              .as("%s: mtime", step)
              .isEqualTo(modified);
        }
      }
      seen.put(node, new Seen(node.changes, node.modifications, now.change(), now.modified()));
    } catch (FsException e) {
      fail("%s: %s", step, e.errno());
    }
  }

  private void checkAll() throws FsException {
    String before = step;
    note("all after: %s", before);
    for (Node node : nodes) {
      check(node);
      extensions.checkXattrs(node);
      switch (node.type) {
        case REGULAR -> {
          rig.commit(inode(node));
          model.commit(node);
          int count = (int) Math.min(node.content.size, 5 << 20);
          assertSame(rig.read(inode(node), 0, count), node.content.read(0, count));
        }
        case SYMLINK ->
            assertThat(rig.fs().readLink(FileSystemRig.root(), inode(node)))
                .isEqualTo(node.target());
        case DIRECTORY ->
            assertThat(page(FileSystemRig.root(), node, 4)).isEqualTo(node.entries.keySet());
        case FIFO, SOCKET, BLOCK, CHARACTER -> {}
      }
    }
    tiers.checkUsage(FsModel.meteredBytes(nodes));
  }

  private void kill() throws FsException {
    note("kill");
    for (Node node : nodes) {
      while (node.holds > 0) {
        model.release(node); // Who held it is gone too.
      }
    }
    rig.kill();
    nodes.removeIf(node -> {
      if (!node.alive()) {
        inodes.remove(node);
        seen.remove(node);
      }
      return !node.alive();
    });
    for (Node node : nodes) {
      inodes.put(node, rig.fs().inode(FileSystemRig.root(), inode(node).ino()));
    }
    for (Node node : nodes) {
      if (node.durable.isPresent()) {
        survive(node, node.durable.get());
      }
      check(node);
    }
  }

  /** Checks what is left of a file with unstable writes, and makes both the same again. */
  private void survive(Node node, FsModelContent durable) throws FsException {
    Inode file = inode(node);
    long size = rig.attributes(file).size();
    int count = (int) Math.min(size, 5 << 20);
    byte[] bytes = rig.read(file, 0, count);
    byte[] old = durable.read(0, count);
    byte[] recent = node.content.read(0, count);
    for (int i = 0; i < count; i++) {
      boolean known =
          i < old.length && bytes[i] == old[i] || i < recent.length && bytes[i] == recent[i];
      if (!known && size <= Math.max(durable.size, node.content.size)) {
        fail("%s: byte %d of %d was never written", step, i, size);
      }
    }
    assertThat(size).as(step).isGreaterThanOrEqualTo(Math.min(durable.size, node.content.size));
    seen.remove(node);
    AttributeChanges empty = FileSystemRig.size(0);
    rig.fs().setAttributes(FileSystemRig.root(), file, empty, true);
    model.set(Credentials.ROOT, node, empty, true);
    AttributeChanges mode = FileSystemRig.mode(node.mode());
    rig.fs().setAttributes(FileSystemRig.root(), file, mode, true);
    model.set(Credentials.ROOT, node, mode, true);
    node.durable = Optional.empty();
  }
}
