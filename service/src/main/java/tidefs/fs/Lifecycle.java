package tidefs.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.fs.lifecycle.Rules;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.Entries;
import tidefs.store.StoreFault;

/**
 * Moves files between storage classes as the rules say, in rounds. Everything it must remember is
 * in the store: a round that is interrupted is made up for by the next one.
 *
 * <p>Files stand in queues, ordered by their last access in Standard. A place in a queue is written
 * with the very batch that changes the inode, so the two never disagree.
 */
public final class Lifecycle {
  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);
  private static final int STEP = 64;

  /** After so many faults in a row a place is taken to be away. */
  private static final int AWAY = 8;

  private final Core core;
  private final Mover mover;
  private final AccessTimes accessTimes;
  private final ReentrantLock round = new ReentrantLock();
  private final Map<StorageClass, Moved> moved = new EnumMap<>(StorageClass.class);
  private final AtomicLong failures = new AtomicLong();
  private volatile String fault = "";

  private static final class Moved {
    final AtomicLong files = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
  }

  /**
   * How a round works.
   *
   * @param pace how fast
   * @param lanes where files are moved; several at a time if it has several threads
   * @param goesOn false once the round shall end early
   */
  public record Work(Pace pace, Executor lanes, BooleanSupplier goesOn) {
    /** In the caller's thread, as fast as it can. */
    public static final Work AT_ONCE = new Work(Pace.UNLIMITED, Runnable::run, () -> true);
  }

  /** Files that went, or would go, to a class, and their bytes. */
  public record Count(long files, long bytes) {}

  /**
   * Where it stands, since the file system was opened.
   *
   * @param moved what went to each class
   * @param failures moves that a fault ended; they are tried again
   * @param fault the last of them in words; empty if the last round met none
   * @param accessesKnown false while files from before there were rules are still looked at
   */
  public record Status(
      Rules rules,
      Map<StorageClass, Count> moved,
      long failures,
      String fault,
      boolean accessesKnown) {}

  /**
   * What a round would do.
   *
   * @param moves what would go to each class
   * @param freedBytes by how much Standard would shrink; less than 0 if it would grow
   */
  public record Plan(Map<StorageClass, Count> moves, long freedBytes) {}

  /** A chunk in a cold place that cannot be read. */
  public record Damage(long ino, int chunk, StorageClass storageClass, String reason) {}

  Lifecycle(Core core, Commits commits) {
    this.core = core;
    mover = new Mover(core, commits);
    accessTimes = new AccessTimes(core);
    for (StorageClass each : StorageClass.values()) {
      moved.put(each, new Moved());
    }
  }

  /** Lets these rules hold from now on. */
  public void rules(Rules rules) {
    if (!rules.equals(core.tiers().rules())) {
      core.tiers().rules(rules);
      if (!rules.any()) {
        accessTimes.forget();
      }
    }
  }

  /** Where it stands. */
  public Status status() {
    Map<StorageClass, Count> counts = new EnumMap<>(StorageClass.class);
    moved.forEach((to, count) -> counts.put(to, new Count(count.files.get(), count.bytes.get())));
    return new Status(core.tiers().rules(), counts, failures.get(), fault, accessTimes.known());
  }

  /** One round: does all that is due. Returns at once if one is under way. */
  public void run(Work work) {
    if (!round.tryLock()) {
      return;
    }
    try {
      core.tiers().tick();
      core.reclaimer().retry();
      if (core.tiers().rules().any()) {
        accessTimes.flush();
        accessTimes.index(work.goesOn());
        fault = "";
        for (LifecycleQueue queue : LifecycleQueue.values()) {
          run(queue, work);
        }
      }
    } finally {
      round.unlock();
    }
  }

  /** What a round would move now. Takes its time. */
  public Plan plan() {
    Map<StorageClass, Count> plan = new EnumMap<>(StorageClass.class);
    for (StorageClass each : StorageClass.values()) {
      plan.put(each, new Count(0, 0));
    }
    long freed = 0;
    for (LifecycleQueue queue : LifecycleQueue.values()) {
      byte[] at = first(queue);
      List<byte[]> keys = due(queue, at);
      while (!keys.isEmpty()) {
        for (byte[] key : keys) {
          Optional<InodeState> file = stored(Keys.lifecycleIno(key));
          Optional<StorageClass> to = file.flatMap(this::target);
          if (to.isPresent()) {
            long bytes = toMove(file.get());
            plan.merge(to.get(), new Count(1, bytes), Lifecycle::sum);
            freed += to.get().cold() ? standardBytes(file.get()) : -bytes;
          }
        }
        keys = due(queue, after(keys.getLast()));
      }
    }
    return new Plan(plan, freed);
  }

  private Optional<InodeState> stored(long ino) {
    return core.store()
        .get(Keys.inode(ino), Blocking.ALLOWED)
        .map(bytes -> InodeCodec.decode(ino, bytes, 0));
  }

  private static long standardBytes(InodeState file) {
    return file.layout().tier().isCold()
        ? file.layout().standardBytes(file.attributes().size())
        : file.attributes().spaceUsed();
  }

  private static Count sum(Count a, Count b) {
    return new Count(a.files() + b.files(), a.bytes() + b.bytes());
  }

  /**
   * Moves a file to a class, whatever the rules say.
   *
   * @return false if it is in use, so that it could not be moved now
   */
  public boolean move(Inode file, StorageClass target, Pace pace) throws FsException {
    Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    Contents.checkRegular(core.live(operation, file));
    return move(file, target, toMove(file.state()), pace) != Mover.Outcome.BUSY;
  }

  /**
   * Moves all files to a class, whatever the rules say, which may move them again afterwards. Waits
   * for a round that is under way. Files in use stay where they are.
   */
  public void moveAll(StorageClass target, Work work) {
    round.lock();
    try {
      core.tiers().tick();
      AtomicLong faultsInARow = new AtomicLong();
      byte[] end = Keys.end(Keys.INODE);
      List<byte[]> keys = keys(Keys.first(Keys.INODE), end);
      while (!keys.isEmpty() && work.goesOn().getAsBoolean() && faultsInARow.get() < AWAY) {
        List<CompletableFuture<Void>> moves = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
          long ino = Keys.number(key);
          moves.add(
              CompletableFuture.runAsync(
                  () -> move(ino, file -> wanted(file, target), work, faultsInARow), work.lanes()));
        }
        moves.forEach(CompletableFuture::join);
        keys = keys(after(keys.getLast()), end);
      }
    } finally {
      round.unlock();
    }
  }

  private Optional<StorageClass> wanted(InodeState file, StorageClass target) {
    boolean moves =
        file.type() == FileType.REGULAR
            && file.attributes().size() > 0
            && !file.unlinked()
            && (!target.cold() || core.tiers().has(target));
    return moves ? Optional.of(target) : Optional.empty();
  }

  /** The class that a file is in. */
  public StorageClass storageClass(Inode file) {
    return file.state().layout().tier().storageClass();
  }

  /** Reads all chunks in cold places and tells those that cannot be read. */
  public void scrub(Work work, Consumer<Damage> damages) {
    Scrub scrub = new Scrub(core, damages);
    for (LifecycleQueue queue : LifecycleQueue.values()) {
      byte[] at = first(queue);
      List<byte[]> keys = keys(at, Keys.lifecycle(queue.code() + 1, 0, 0));
      while (!keys.isEmpty() && queue != LifecycleQueue.STANDARD && work.goesOn().getAsBoolean()) {
        keys.forEach(key -> scrub.file(Keys.lifecycleIno(key), work.pace()));
        keys = keys(after(keys.getLast()), Keys.lifecycle(queue.code() + 1, 0, 0));
      }
    }
  }

  private void run(LifecycleQueue queue, Work work) {
    AtomicLong faultsInARow = new AtomicLong();
    byte[] at = first(queue);
    List<byte[]> keys = due(queue, at);
    while (!keys.isEmpty() && work.goesOn().getAsBoolean() && faultsInARow.get() < AWAY) {
      List<CompletableFuture<Void>> moves = new ArrayList<>(keys.size());
      for (byte[] key : keys) {
        moves.add(
            CompletableFuture.runAsync(
                () -> move(Keys.lifecycleIno(key), this::target, work, faultsInARow),
                work.lanes()));
      }
      moves.forEach(CompletableFuture::join);
      keys = due(queue, after(keys.getLast()));
    }
  }

  private void move(
      long ino,
      Function<InodeState, Optional<StorageClass>> where,
      Work work,
      AtomicLong faultsInARow) {
    if (faultsInARow.get() >= AWAY || !work.goesOn().getAsBoolean()) {
      return;
    }
    try {
      Inode file = core.load(new Operation(Credentials.ROOT, Blocking.ALLOWED), ino);
      Optional<StorageClass> target = where.apply(file.state());
      if (target.isPresent()) {
        move(file, target.get(), toMove(file.state()), work.pace());
        faultsInARow.set(0);
      }
    } catch (FsException e) {
      // It is gone.
    } catch (StoreFault e) {
      faultsInARow.incrementAndGet();
      failures.incrementAndGet();
      fault = String.valueOf(e.getMessage());
      log.atWarn().addKeyValue("inode", ino).setCause(e).log("A file could not be moved");
    }
  }

  private Mover.Outcome move(Inode file, StorageClass target, long bytes, Pace pace) {
    Mover.Outcome outcome = mover.move(file, target, pace);
    if (outcome == Mover.Outcome.MOVED) {
      Moved count = Objects.requireNonNull(moved.get(target));
      count.files.incrementAndGet();
      count.bytes.addAndGet(bytes);
    }
    return outcome;
  }

  private Optional<StorageClass> target(InodeState file) {
    Tier tier = file.layout().tier();
    if (file.attributes().size() == 0 || file.unlinked()) {
      return Optional.empty();
    }
    int chunks = FileLayout.chunksIn(file.attributes().size());
    int hour = core.tiers().hour();
    Rules rules = core.tiers().rules();
    return switch (LifecycleQueue.of(tier, chunks)) {
      case RETURNING -> Optional.of(StorageClass.STANDARD);
      case WRITTEN ->
          tier.accessHour() <= Rules.warmUpTo(hour)
              ? Optional.of(tier.storageClass())
              : Optional.empty();
      case STANDARD, INFREQUENT_ACCESS, ARCHIVE ->
          rules.due(tier.storageClass(), tier.accessHour(), hour).filter(core.tiers()::has);
    };
  }

  private static long toMove(InodeState file) {
    long warm = file.layout().standardBytes(file.attributes().size());
    boolean returns = LifecycleQueue.of(file.layout().tier(), 0) == LifecycleQueue.WRITTEN;
    return returns ? warm : file.attributes().spaceUsed();
  }

  private static byte[] first(LifecycleQueue queue) {
    return Keys.lifecycle(queue.code(), 0, 0);
  }

  private static byte[] after(byte[] key) {
    byte[] next = Arrays.copyOf(key, key.length + 1);
    return next;
  }

  /** Some of the keys that are due in a queue, from {@code at} on. */
  private List<byte[]> due(LifecycleQueue queue, byte[] at) {
    int hour = core.tiers().hour();
    Rules rules = core.tiers().rules();
    int last =
        switch (queue) {
          case STANDARD -> rules.dueUpTo(StorageClass.STANDARD, hour);
          case INFREQUENT_ACCESS -> rules.dueUpTo(StorageClass.INFREQUENT_ACCESS, hour);
          case ARCHIVE -> -1;
          case WRITTEN -> Rules.warmUpTo(hour);
          case RETURNING -> hour;
        };
    return last < 0 ? List.of() : keys(at, Keys.lifecycle(queue.code(), last + 1, 0));
  }

  private List<byte[]> keys(byte[] at, byte[] end) {
    List<byte[]> found = new ArrayList<>(STEP);
    if (Arrays.compareUnsigned(at, end) < 0) {
      try (Entries entries = core.store().scan(at, end, Blocking.ALLOWED)) {
        while (found.size() < STEP && entries.next()) {
          found.add(entries.key());
        }
      }
    }
    return found;
  }
}
