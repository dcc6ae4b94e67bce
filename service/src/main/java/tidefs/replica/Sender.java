package tidefs.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.fs.ChangeIndex.Change;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.Node;
import tidefs.fs.Snapshot;
import tidefs.fs.Snapshot.Name;
import tidefs.fs.Snapshot.Walk;

/** The source's part of replication. For one thread at a time. */
public final class Sender {
  private static final long ROOT = 1;

  private final FileSystem source;
  private final String sourceId;
  private final Link link;
  private final Clock clock;
  private final Chance chance;

  /** Sends {@code source}, whose id is {@code sourceId}, over {@code link}. */
  public Sender(FileSystem source, String sourceId, Link link, Clock clock, Chance chance) {
    this.source = source;
    this.sourceId = sourceId;
    this.link = link;
    this.clock = clock;
    this.chance = chance;
  }

  /**
   * Brings the destination up to now.
   *
   * @param everything whether all is compared, as the first round must
   * @throws IOException if the destination could not be reached, or could not follow; nothing is
   *     lost, a later round sends it
   * @throws Diverged if it was not everything, and must be
   */
  public Round round(boolean everything) throws IOException {
    if (!source.keepsChanges()) {
      source.keepChanges(true);
      if (!everything) {
        throw new Diverged();
      }
    }
    Instant instant = clock.now();
    try (Snapshot snapshot = source.snapshot()) {
      List<Change> changes = Snapshot.all(snapshot.changes());
      Round round = new Run(snapshot, instant).run(everything, changes);
      source.forget(changes);
      return round;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The family of copies that the source founds, or is of. */
  private byte[] lineage() {
    var own = source.importer();
    Optional<byte[]> known = own.lineage();
    if (known.isPresent()) {
      return known.get();
    }
    byte[] family = new byte[16];
    chance.fill(family);
    own.lineage(family);
    return family;
  }

  /** One round under way. */
  private final class Run {
    private final Snapshot snapshot;
    private final Instant instant;
    private final Outbox out;
    private final Map<Long, Integer> depths = new HashMap<>();
    private final List<Node> offered = new ArrayList<>();
    private long names;
    private long inodes;
    private long files;
    private long restless;

    Run(Snapshot snapshot, Instant instant) throws IOException {
      this.snapshot = snapshot;
      this.instant = instant;
      byte[] id = new byte[Receiver.ROUND_BYTES];
      chance.fill(id);
      out = new Outbox(link, id);
    }

    Round run(boolean everything, List<Change> changes) throws IOException {
      if (begin() && !everything) {
        throw new Diverged();
      }
      if (everything) {
        tellTree();
        out.kind(Message.END_NAMES);
        try (Walk<Node> all = snapshot.nodes()) {
          for (Optional<Node> each = all.next(); each.isPresent(); each = all.next()) {
            offer(each.get(), Message.OFFER);
          }
        }
      } else {
        SortedSet<Long> marked = new TreeSet<>();
        marked.add(ROOT);
        changes.stream().filter(it -> it.name().isEmpty()).forEach(it -> marked.add(it.ino()));
        tellNames(changes.stream().filter(it -> it.name().isPresent()).toList(), marked);
        out.kind(Message.END_NAMES);
        for (long ino : marked) {
          Optional<Node> node = snapshot.node(ino);
          if (node.isPresent()) {
            offer(node.get(), Message.OFFER_CHANGED);
          }
        }
      }
      sendOffered();
      out.kind(Message.END);
      out.answers();
      return new Round(instant, names, inodes, files, restless, out.sentBytes());
    }

    /** Whether there is nothing yet where it begins. */
    private boolean begin() throws IOException {
      String time = instant.toString().replaceAll("[-:]", "").replaceAll("\\..*Z", "Z");
      String lostAndFound = "efs-replication-lost+found-" + sourceId + "-" + time;
      out.kind(Message.BEGIN)
          .bytes(lineage())
          .number(snapshot.nextInode() + Limits.NUMBERS_APART)
          .bytes(lostAndFound.getBytes(StandardCharsets.UTF_8));
      return out.answers()[0] == Message.ANEW;
    }

    /** All names, directories nearer to the root first. */
    private void tellTree() throws IOException {
      ArrayDeque<Long> waiting = new ArrayDeque<>();
      waiting.add(ROOT);
      while (!waiting.isEmpty()) {
        long directory = waiting.remove();
        List<byte[]> all = new ArrayList<>();
        try (Walk<Name> walk = snapshot.names(directory)) {
          for (Optional<Name> each = walk.next(); each.isPresent(); each = walk.next()) {
            Name name = each.get();
            Node node = snapshot.node(name.ino()).orElseThrow();
            tell(name, node);
            all.add(name.name());
            if (node.type() == FileType.DIRECTORY) {
              waiting.add(node.ino());
            }
          }
        }
        for (int from = 0; from < all.size(); from += Limits.NAMES) {
          List<byte[]> some = all.subList(from, Math.min(all.size(), from + Limits.NAMES));
          out.kind(Message.KEEP_NAMES).count(some.size());
          for (byte[] each : some) {
            out.bytes(each);
          }
        }
        out.kind(Message.KEEP_ONLY).number(directory);
      }
      out.answers();
    }

    private void tell(Name name, Node node) throws IOException {
      out.kind(Message.NAME).number(name.directory()).bytes(name.name()).node(node);
      names++;
    }

    private void tellNames(List<Change> changes, SortedSet<Long> marked) throws IOException {
      List<Name> given = new ArrayList<>();
      List<Change> taken = new ArrayList<>();
      for (Change change : changes) {
        byte[] name = change.name().orElseThrow();
        out.kind(Message.ANNOUNCE).number(change.ino()).bytes(name);
        long meaning =
            snapshot.node(change.ino()).isPresent() ? snapshot.lookup(change.ino(), name) : 0;
        if (meaning == 0) {
          taken.add(change);
        } else {
          given.add(new Name(change.ino(), name, meaning));
        }
      }
      out.answers();
      given.sort(Comparator.comparingInt(it -> depth(it.directory())));
      List<Node> told = new ArrayList<>();
      for (Name name : given) {
        Node node = snapshot.node(name.ino()).orElseThrow();
        tell(name, node);
        told.add(node);
      }
      byte[] made = out.answers();
      for (int i = 0; i < made.length; i++) {
        Node node = told.get(i);
        if (made[i] == 1 && !marked.contains(node.ino())) {
          if (node.type() == FileType.DIRECTORY) {
            throw new Diverged();
          }
          marked.add(node.ino());
        }
      }
      taken.sort(Comparator.comparingLong(Change::ino).reversed());
      for (Change change : taken) {
        out.kind(Message.UNNAME).number(change.ino()).bytes(change.name().orElseThrow());
        names++;
      }
    }

    private int depth(long directory) {
      if (directory == ROOT) {
        return 0;
      }
      Integer known = depths.get(directory);
      if (known != null) {
        return known;
      }
      long parent = snapshot.node(directory).map(Node::parent).orElse(ROOT);
      int depth = depth(parent) + 1;
      depths.put(directory, depth);
      return depth;
    }

    private void offer(Node node, byte kind) throws IOException {
      out.kind(kind).node(node);
      offered.add(node);
      inodes++;
      if (offered.size() == Limits.OFFERS) {
        sendOffered();
      }
    }

    private void sendOffered() throws IOException {
      byte[] answers = out.answers();
      if (answers.length != offered.size()) {
        throw new IOException("the destination did not answer every offer");
      }
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] != Message.APPLIED) {
          FileSink sink = new FileSink(out, answers[i] == Message.DIFFERS);
          Snapshot.Copied copied = snapshot.copy(offered.get(i), sink);
          sink.end(copied.file());
          files++;
          restless += copied.quiet() ? 0 : 1;
        }
      }
      offered.clear();
    }
  }
}
