package tidefs.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was done to a file system, in order, with how much had been done to the disk when it was
 * begun and when it was acknowledged; and what a loss of power in between may leave.
 *
 * <p>Contents are told apart by sectors, each filled with the tag of the write it came from; 0 is a
 * hole.
 */
final class PowerCutHistory {
  static final int SECTOR_BYTES = 512;
  private static final int NEVER = Integer.MAX_VALUE;

  private final List<NameChange> nameChanges = new ArrayList<>();
  private final Map<Long, List<FileChange>> fileChanges = new HashMap<>();
  private final Map<Long, BitSet> touched = new HashMap<>();
  private final TreeMap<Integer, Long> acknowledged = new TreeMap<>();

  /** A place in a directory. */
  record Name(long directory, String name) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int byDirectory = Long.compare(directory, other.directory);
      return byDirectory != 0 ? byDirectory : name.compareTo(other.name);
    }
  }

  /** A name led to {@code ino} from batch {@code sequence} on; 0 if to nothing. */
  private record NameChange(Name name, long ino, long sequence) {}

  /** What a change does to contents. */
  enum Kind {
    WRITE,
    STABLE_WRITE,
    COMMIT,
    RESIZE,
    CLONE
  }

  /** A change of contents: sectors, or up to {@code to} the new size. */
  static final class FileChange {
    private final Kind kind;
    private final int from;
    private final int to;
    private final long tag;
    private final int begun;
    private final long[] cloned;
    private int acknowledged = NEVER;
    private long sequence = NEVER;

    FileChange(Kind kind, int from, int to, long tag, int begun) {
      this(kind, from, to, tag, begun, new long[0]);
    }

    /** A clone: what the sectors have from now on, some zeros behind {@code to} included. */
    static FileChange clone(int from, int to, int begun, long[] cloned) {
      return new FileChange(Kind.CLONE, from, to, 0, begun, cloned);
    }

    private FileChange(Kind kind, int from, int to, long tag, int begun, long[] cloned) {
      this.kind = kind;
      this.from = from;
      this.to = to;
      this.tag = tag;
      this.begun = begun;
      this.cloned = cloned;
    }
  }

  /** The name leads to {@code ino} once batch {@code sequence} is there; 0 if to nothing. */
  void named(Name name, long ino, long sequence) {
    nameChanges.add(new NameChange(name, ino, sequence));
  }

  /** A change of a file begins. */
  void begin(long ino, FileChange change) {
    fileChanges.computeIfAbsent(ino, _ -> new ArrayList<>()).add(change);
    switch (change.kind) {
      case WRITE, STABLE_WRITE ->
          touched.computeIfAbsent(ino, _ -> new BitSet()).set(change.from, change.to);
      case CLONE -> {
        int end = change.from + change.cloned.length;
        touched.computeIfAbsent(ino, _ -> new BitSet()).set(change.from, end);
      }
      case COMMIT, RESIZE -> {}
    }
  }

  /** It was done up to batch {@code sequence}. */
  void done(FileChange change, long sequence) {
    change.sequence = sequence;
  }

  /** It was acknowledged when this much had been done to the disk. */
  void acknowledged(FileChange change, int calls) {
    change.acknowledged = calls;
  }

  /** Everything up to batch {@code sequence} was acknowledged. */
  void acknowledged(long sequence, int calls) {
    acknowledged.merge(calls, sequence, Math::max);
  }

  /** The last batch that was acknowledged when this much had been done to the disk. */
  long acknowledgedAt(int calls) {
    var last = acknowledged.floorEntry(calls);
    return last == null ? 0 : last.getValue();
  }

  /** What names lead to once the batches up to {@code sequence} are there. */
  TreeMap<Name, Long> names(long sequence) {
    TreeMap<Name, Long> names = new TreeMap<>();
    for (NameChange each : nameChanges) {
      if (each.sequence() > sequence) {
        break;
      }
      if (each.ino() == 0) {
        names.remove(each.name());
      } else {
        names.put(each.name(), each.ino());
      }
    }
    return names;
  }

  /** All changes of a file, a line each, for who has to explain a loss. */
  String told(long ino) {
    StringBuilder text = new StringBuilder();
    for (FileChange each : fileChanges.getOrDefault(ino, List.of())) {
      text.append(
          "%n%s %d-%d tag %d, begun at %d, acknowledged at %d, batch %d"
              .formatted(
                  each.kind,
                  each.from,
                  each.to,
                  each.tag,
                  each.begun,
                  each.acknowledged,
                  each.sequence));
    }
    return text.toString();
  }

  /** The sectors of a file that were ever written. */
  BitSet touched(long ino) {
    return touched.getOrDefault(ino, new BitSet());
  }

  /** What a file may be after a loss of power. */
  static final class Expected {
    private final Map<Integer, long[]> tags = new HashMap<>();
    private final Map<Integer, int[]> raised = new HashMap<>();
    private final TreeSet<Integer> sizes = new TreeSet<>();
    private int size;

    private Expected() {
      sizes.add(0);
    }

    /** Whether it may be this large, in sectors. */
    boolean mayHave(int sectors) {
      return sizes.contains(sectors);
    }

    /** Whether a sector of a file that is {@code sectors} large may have this tag. */
    boolean mayHave(int sector, long tag, int sectors) {
      int[] last = raised.get(sectors);
      if (tag == 0 && last != null && sector >= last[0] && sector < last[1]) {
        return false; // A size must not be there before its bytes.
      }
      for (long each : tags.getOrDefault(sector, new long[] {0})) {
        if (each == tag) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      Map<Integer, String> texts = new TreeMap<>();
      tags.forEach((sector, each) -> texts.put(sector, Arrays.toString(each)));
      return "sizes " + sizes + " tags " + texts;
    }

    private void write(FileChange change, boolean stable) {
      for (int i = change.from; i < change.to; i++) {
        long[] before = stable ? new long[0] : tags.getOrDefault(i, new long[] {0});
        long[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = change.tag;
        tags.put(i, after);
      }
      if (change.to > size) {
        if (!sizes.contains(change.to)) { // Else it may be from before a cut that is not there.
          raised.put(change.to, new int[] {Math.max(size, change.from), change.to});
        }
        size = change.to;
      }
      sizes.add(size);
      if (stable) {
        sizes.add(Math.min(size, change.to));
        sizes.headSet(Math.min(size, change.to)).clear();
      }
    }

    private void commit() {
      tags.replaceAll((_, each) -> new long[] {each[each.length - 1]});
      sizes.clear();
      sizes.add(size);
      raised.clear();
    }

    /** All of it is there with its batch, and everything before; nothing is without. */
    private void clone(FileChange change, boolean isThere) {
      size = Math.max(size, change.to);
      if (!isThere) {
        return;
      }
      commit();
      for (int i = 0; i < change.cloned.length; i++) {
        tags.put(change.from + i, new long[] {change.cloned[i]});
      }
    }

    private void resize(int to, boolean isThere) {
      if (isThere) {
        tags.keySet().removeIf(sector -> sector >= to);
        sizes.clear();
        raised.clear();
      }
      size = to;
      sizes.add(to);
    }
  }

  /**
   * What a file may be if the power went when this much had been done to the disk and left the
   * batches up to {@code sequence}.
   */
  Expected expected(long ino, int calls, long sequence) {
    Expected expected = new Expected();
    for (FileChange each : fileChanges.getOrDefault(ino, List.of())) {
      if (each.begun > calls) {
        break;
      }
      boolean done = each.acknowledged <= calls;
      switch (each.kind) {
        case WRITE -> expected.write(each, false);
        case STABLE_WRITE -> expected.write(each, done);
        case COMMIT -> {
          if (done) {
            expected.commit();
          }
        }
        case CLONE -> expected.clone(each, each.sequence <= sequence);
        case RESIZE -> expected.resize(each.to, each.sequence <= sequence);
      }
    }
    return expected;
  }
}
