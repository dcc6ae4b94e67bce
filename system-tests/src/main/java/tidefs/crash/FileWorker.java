package tidefs.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidefs.testkit.Compound;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;

/** Works on names and files in a directory of its own. */
final class FileWorker extends Worker {
  private static final int NAMES = 40;
  private static final int ONE_IN_TWICE = 40;

  private final Mix mix;
  private final Node top = new Node(Node.Kind.DIRECTORY, 0755, "");
  private final FileWriter writer;
  private final List<Place> directories = new ArrayList<>();
  private final List<Place> entries = new ArrayList<>();
  private @Nullable Change underWay;

  /** Where a node is: one of its names. */
  record Place(Node directory, String name, Node node, int depth) {}

  FileWorker(Setup setup, Mix mix) {
    super(setup);
    this.mix = mix;
    this.writer = new FileWriter(this, mix);
  }

  @Override
  String doing() {
    Change change = underWay;
    return change == null ? "nothing" : change.text();
  }

  @Override
  void prepare() throws IOException {
    top.handle = patiently(() -> client().mkdir(client().root(), name, 0755));
  }

  @Override
  void reclaim() throws IOException {
    writer.reclaim(files());
  }

  @Override
  void verify() throws IOException {
    List<String> without = patiently(() -> Comparison.differences(client(), top));
    Change change = underWay;
    if (!without.isEmpty()) {
      require(change != null, "after the restart: " + without);
      if (change != null) {
        change.effect().run();
        List<String> with = patiently(() -> Comparison.differences(client(), top));
        require(
            with.isEmpty(),
            change.text() + " is torn; not done it means " + without + ", done " + with);
      }
    }
    underWay = null;
    writer.mend(files());
    List<String> mended = patiently(() -> Comparison.differences(client(), top));
    require(mended.isEmpty(), "after writing again: " + mended);
  }

  /** Calls; what was under way is known if the call does not return. */
  void change(Change change, Action action) throws IOException {
    underWay = change;
    patiently(() -> {
      action.run();
      return true;
    });
    change.effect().run();
    underWay = null;
  }

  /** A change of names: some are sent twice. */
  private void rename(Change change, Supplier<Compound> compound) throws IOException {
    if (minorVersion() > 0 && random.nextInt(ONE_IN_TWICE) == 0) {
      underWay = change;
      callTwice(compound);
      change.effect().run();
      underWay = null;
    } else {
      change(change, () -> client().wire().call(compound.get()).ok());
    }
  }

  @Override
  void step() throws IOException {
    look();
    List<Place> files = files();
    if (!files.isEmpty() && random.nextInt(100) < mix.contents()) {
      writer.step(files.get(random.nextInt(files.size())));
      return;
    }
    switch (random.nextInt(12)) {
      case 0, 1 -> makeDirectory();
      case 2, 3, 4, 5 -> makeFile();
      case 6 -> makeLink();
      case 7 -> makeSymlink();
      case 8, 9 -> move();
      case 10 -> remove();
      default -> changeMode();
    }
  }

  /** Finds what there is. */
  private void look() {
    directories.clear();
    entries.clear();
    look(new Place(top, "", top, 0));
  }

  private void look(Place place) {
    if (place.node().kind == Node.Kind.DIRECTORY) {
      directories.add(place);
      for (Map.Entry<String, Node> each : place.node().entries.entrySet()) {
        Place child = new Place(place.node(), each.getKey(), each.getValue(), place.depth() + 1);
        entries.add(child);
        look(child);
      }
    }
  }

  private List<Place> files() {
    look();
    return entries.stream().filter(each -> each.node().kind == Node.Kind.FILE).toList();
  }

  private Place anyDirectory() {
    return directories.get(random.nextInt(directories.size()));
  }

  private Optional<Place> anyEntry() {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.get(random.nextInt(entries.size())));
  }

  private Optional<String> freeName(Node directory) {
    String chosen = "n" + random.nextInt(NAMES);
    return directory.entries.containsKey(chosen) ? Optional.empty() : Optional.of(chosen);
  }

  private void makeDirectory() throws IOException {
    Node parent = anyDirectory().node();
    Optional<String> free = freeName(parent);
    if (free.isPresent() && directories.size() < mix.directories()) {
      Node made = new Node(Node.Kind.DIRECTORY, 0700 | random.nextInt(0100), "");
      change(
          new Change("mkdir " + free.get(), () -> made.enter(parent, free.get())),
          () -> made.handle = client().mkdir(parent.at(), free.get(), made.mode));
    }
  }

  private void makeFile() throws IOException {
    Node parent = anyDirectory().node();
    Optional<String> free = freeName(parent);
    if (free.isPresent() && files().size() < mix.files()) {
      Node made = new Node(Node.Kind.FILE, 0600 | random.nextInt(0100), "");
      change(
          new Change("create " + free.get(), () -> made.enter(parent, free.get())),
          () -> {
            made.open = client().create(parent.at(), free.get(), made.mode);
            made.handle = made.open.handle();
          });
      writer.afterwards(made);
    }
  }

  private void makeLink() throws IOException {
    Node parent = anyDirectory().node();
    Optional<String> free = freeName(parent);
    List<Place> files = files();
    if (free.isPresent() && !files.isEmpty() && entries.size() < 2 * mix.files()) {
      Node linked = files.get(random.nextInt(files.size())).node();
      rename(
          new Change("link " + free.get(), () -> linked.enter(parent, free.get())),
          () -> at(linked).saveFh().putFh(parent.at()).link(free.get()));
    }
  }

  private void makeSymlink() throws IOException {
    Node parent = anyDirectory().node();
    Optional<String> free = freeName(parent);
    if (free.isPresent() && entries.size() < 2 * mix.files()) {
      Node made = new Node(Node.Kind.SYMLINK, 0777, "to/" + random.nextInt());
      change(
          new Change("symlink " + free.get(), () -> made.enter(parent, free.get())),
          () -> {
            NewAttributes mode = NewAttributes.none().mode(0777);
            made.handle =
                client()
                    .wire()
                    .call(at(parent).symlink(free.get(), made.target, mode).getFh())
                    .ok()
                    .last(tidefs.nfs4.op.FileHandle.class);
          });
    }
  }

  private void move() throws IOException {
    Optional<Place> moved = anyEntry();
    if (moved.isEmpty()) {
      return;
    }
    Place from = moved.get();
    Place to = anyDirectory();
    String newName = "n" + random.nextInt(NAMES);
    Node replaced = to.node().entries.get(newName);
    if (isBelow(to.node(), from.node()) || (replaced != null && !fits(from.node(), replaced))) {
      return;
    }
    if (replaced != null) {
      writer.closeIfLast(replaced);
    }
    rename(
        new Change(
            "rename " + from.name() + " to " + newName,
            () -> {
              if (from.node() != replaced) {
                from.node().leave(from.directory(), from.name());
                from.node().enter(to.node(), newName);
              }
            }),
        () -> at(from.directory()).saveFh().putFh(to.node().at()).rename(from.name(), newName));
  }

  private static boolean isBelow(Node directory, Node top) {
    return directory == top
        || top.entries.values().stream().anyMatch(each -> isBelow(directory, each));
  }

  private static boolean fits(Node moved, Node replaced) {
    boolean directory = moved.kind == Node.Kind.DIRECTORY;
    return directory == (replaced.kind == Node.Kind.DIRECTORY) && replaced.entries.isEmpty();
  }

  private void remove() throws IOException {
    Optional<Place> chosen = anyEntry();
    if (chosen.isPresent() && chosen.get().node().entries.isEmpty()) {
      Place gone = chosen.get();
      writer.closeIfLast(gone.node());
      rename(
          new Change(
              "remove " + gone.name(), () -> gone.node().leave(gone.directory(), gone.name())),
          () -> at(gone.directory()).remove(gone.name()));
    }
  }

  private void changeMode() throws IOException {
    Optional<Place> chosen = anyEntry();
    if (chosen.isPresent() && chosen.get().node().kind != Node.Kind.SYMLINK) {
      Node changed = chosen.get().node();
      int mode = 0600 | random.nextInt(0200);
      change(
          new Change("chmod " + chosen.get().name(), () -> changed.mode = mode),
          () -> client().setattr(changed.at(), NewAttributes.none().mode(mode)));
    }
  }

  private Compound at(Node node) {
    NfsClient connected = client();
    return connected.wire().compound().putFh(node.at());
  }
}
