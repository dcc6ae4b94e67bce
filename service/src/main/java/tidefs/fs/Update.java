package tidefs.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.store.Batch;

/**
 * One change of the file system: of inodes whose locks the caller holds, and of other records. It
 * becomes visible and durable as a whole.
 */
@SuppressWarnings("ReferenceEquality") // Of constants: what never moved costs nothing.
final class Update {
  private static final byte[] QUEUED = {1};

  private final Core core;
  private final Operation operation;
  private final Batch batch = new Batch();
  private final List<Step> steps = new ArrayList<>(4);
  private final List<Meaning> meanings = new ArrayList<>(2);
  private final List<LongConsumer> followers = new ArrayList<>(1);
  private long bytes;
  private long inodes;
  private Usage cold = Usage.ZERO;

  private enum Kind {
    ATTRIBUTES,
    CONTENTS,
    COMMIT,
    NEW,
    GONE
  }

  /**
   * @param next the new state in memory
   * @param stored what the store gets
   * @param version the version of the contents that the store gets
   */
  private record Step(Inode inode, Kind kind, InodeState next, InodeState stored, long version) {}

  /** What a name means from now on; 0 for no inode. */
  private record Meaning(Inode directory, byte[] name, long ino) {}

  Update(Core core, Operation operation) {
    this.core = core;
    this.operation = operation;
  }

  /** Whether it may wait. */
  Blocking blocking() {
    return operation.blocking();
  }

  /** For records that are no inodes. */
  Batch batch() {
    return batch;
  }

  /** Changes what is no contents; what the store has of a file's contents stays. */
  void set(Inode inode, InodeState next) {
    InodeState before = inode.stored();
    InodeState stored = inode.dirty() ? next.withContentsOf(before) : next;
    put(new Step(inode, Kind.ATTRIBUTES, next, stored, 0), before);
  }

  /** Stores the state in memory whole, contents and all: the file is clean then. */
  void setContents(Inode inode, InodeState next) {
    put(new Step(inode, Kind.CONTENTS, next, next, inode.io().version()), inode.stored());
  }

  /**
   * Stores {@code stored}, whose contents are of {@code version}: perhaps older than those in
   * memory. Readers see in {@code next} what they saw before, so what they read depends on nothing
   * new.
   */
  void commit(Inode inode, InodeState next, InodeState stored, long version) {
    put(new Step(inode, Kind.COMMIT, next, stored, version), inode.stored());
  }

  /** Makes a new inode. */
  void add(Inode inode, InodeState state) {
    batch.put(Keys.inode(inode.ino()), InodeCodec.encode(state));
    bytes += state.standardBytes();
    inodes++;
    steps.add(new Step(inode, Kind.NEW, state, state, 0));
  }

  /** Removes an inode; {@code last} is what holders of it see. */
  void delete(Inode inode, InodeState last) {
    batch.delete(Keys.inode(inode.ino()));
    InodeState before = inode.stored();
    if (before.layout().tier() != Tier.NONE) {
      before.lifecycleKey(inode.ino()).ifPresent(batch::delete);
    }
    if (before.layout().tier().isCold()) {
      cold = cold.minus(before.metered());
    } else {
      bytes -= before.standardBytes();
      inodes--;
    }
    steps.add(new Step(inode, Kind.GONE, last, last, 0));
  }

  /** A name of {@code directory} means {@code ino} from now on; 0 for none. */
  void name(Inode directory, byte[] name, long ino) {
    meanings.add(new Meaning(directory, name, ino));
  }

  /** Calls {@code follower} with the sequence number once the change is visible. */
  void then(LongConsumer follower) {
    followers.add(follower);
  }

  /** Applies and publishes all of it. If this throws, nothing has changed. */
  long apply() {
    boolean marks = core.changes().on();
    if (marks) {
      mark();
    }
    long hint = steps.isEmpty() ? 0 : steps.getLast().inode().ino();
    long sequence = core.usage().apply(batch, delta(), hint, operation.blocking());
    for (Meaning each : meanings) {
      core.remember(each.directory(), each.name(), each.ino());
    }
    for (Step each : steps) {
      publish(each, sequence);
      each.inode().marked(each.inode().marked() || marks);
    }
    operation.dependOn(sequence);
    for (LongConsumer each : followers) {
      each.accept(sequence);
    }
    return sequence;
  }

  private void mark() {
    for (Step each : steps) {
      if (each.kind() != Kind.GONE) {
        core.changes().inode(batch, each.inode());
      }
    }
    for (Meaning each : meanings) {
      core.changes().name(batch, each.directory(), each.name());
    }
  }

  private void put(Step step, InodeState before) {
    batch.put(Keys.inode(step.inode().ino()), InodeCodec.encode(step.stored()));
    InodeState after = step.stored();
    Tier from = before.layout().tier();
    Tier to = after.layout().tier();
    if (from != Tier.NONE || to != Tier.NONE) {
      requeue(step.inode().ino(), before, after);
    }
    if (from.isCold() || to.isCold()) {
      cold = cold.plus(after.metered()).minus(before.metered());
    } else {
      bytes += after.standardBytes() - before.standardBytes();
    }
    steps.add(step);
  }

  private void requeue(long ino, InodeState before, InodeState after) {
    Optional<byte[]> from = before.lifecycleKey(ino);
    Optional<byte[]> to = after.lifecycleKey(ino);
    if (from.isPresent() && to.isPresent() && Arrays.equals(from.get(), to.get())) {
      return;
    }
    from.ifPresent(batch::delete);
    to.ifPresent(key -> batch.put(key, QUEUED));
  }

  private @Nullable Usage delta() {
    if (bytes == 0 && inodes == 0 && cold == Usage.ZERO) {
      return null;
    }
    Usage standard = Usage.standard(bytes, inodes);
    return cold == Usage.ZERO ? standard : standard.plus(cold);
  }

  private void publish(Step step, long sequence) {
    Inode inode = step.inode();
    InodeState stored = step.stored().at(sequence);
    switch (step.kind()) {
      case ATTRIBUTES -> {
        if (inode.dirty()) {
          inode.io().storedAttributes(stored);
        }
      }
      case CONTENTS, COMMIT -> inode.io().storedNow(stored, step.version());
      case NEW -> {}
      case GONE -> {
        inode.markGone();
        core.table().gone(inode);
      }
    }
    inode.publish(step.kind() == Kind.COMMIT ? step.next() : step.next().at(sequence));
  }
}
