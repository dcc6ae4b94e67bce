package tidefs.fs;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import tidefs.base.Blocking;
import tidefs.store.Entries;
import tidefs.store.View;

/** Checks storage classes: queues of the lifecycle against inodes, exceptions against both. */
final class FsckTiers {
  private final View view;
  private final ObjLongConsumer<String> problems;

  /** Where exceptions may be of files that are gone, or of a former place: inode and generation. */
  private final Set<Place> garbage = new HashSet<>();

  private record Place(long ino, int generation) {}

  FsckTiers(View view, ObjLongConsumer<String> problems) {
    this.view = view;
    this.problems = problems;
    try (Entries all = table(Keys.GARBAGE)) {
      while (all.next()) {
        Garbage each = Garbage.decode(all.value());
        if (each.kind() == Garbage.Kind.COLD) {
          garbage.add(new Place(each.ino(), each.generation()));
        }
      }
    }
  }

  private Entries table(byte table) {
    return view.scan(Keys.first(table), Keys.end(table), Blocking.ALLOWED);
  }

  /** Checks a regular file. */
  void file(long ino, InodeState state) {
    Tier tier = state.layout().tier();
    Optional<byte[]> key = state.lifecycleKey(ino);
    if (key.isPresent() && view.get(key.get(), Blocking.ALLOWED).isEmpty()) {
      problems.accept("a file does not stand in the queue of the lifecycle", ino);
    }
    if (!tier.isCold()) {
      if (tier.end() != 0 || tier.warm() != 0 || tier.mixed() || tier.returning()) {
        problems.accept("a file in Standard has chunks in another class", ino);
      }
      return;
    }
    if (state.layout().inline() || tier.accessHour() == 0) {
      problems.accept("a file in a cold class has its contents in the inode", ino);
    }
    if (tier.end() < 0 || tier.end() > FileLayout.chunksIn(state.attributes().size())) {
      problems.accept("a file has more chunks in a cold class than it has", ino);
    }
    if (warm(ino, tier) != tier.warm()) {
      problems.accept("a file does not count its chunks in Standard right", ino);
    }
  }

  private int warm(long ino, Tier tier) {
    int warm = 0;
    byte[] first = Keys.exception(ino, tier.cold(), 0);
    byte[] last = Keys.exception(ino, tier.cold(), tier.end());
    try (Entries exceptions = view.scan(first, last, Blocking.ALLOWED)) {
      while (exceptions.next()) {
        warm += ColdChunks.generation(exceptions.value()) == ColdChunks.IN_STANDARD ? 1 : 0;
      }
    }
    return warm;
  }

  /** Checks what belongs to files that are not there. */
  void end() {
    try (Entries all = table(Keys.LIFECYCLE)) {
      while (all.next()) {
        long ino = Keys.lifecycleIno(all.key());
        Optional<byte[]> right = inode(ino).flatMap(state -> state.lifecycleKey(ino));
        if (right.isEmpty() || !Arrays.equals(right.get(), all.key())) {
          problems.accept("a queue of the lifecycle has it where it does not belong", ino);
        }
      }
    }
    try (Entries all = table(Keys.EXCEPTION)) {
      while (all.next()) {
        exception(Keys.number(all.key()), Keys.generation(all.key()), Keys.index(all.key()));
      }
    }
  }

  private void exception(long ino, int generation, int index) {
    boolean owned =
        inode(ino)
            .map(state -> state.layout().tier())
            .filter(tier -> tier.isCold() && tier.cold() == generation && index < tier.end())
            .filter(Tier::mixed)
            .isPresent();
    if (!owned && !garbage.contains(new Place(ino, generation))) {
      problems.accept("there is an exception for a chunk that it has not", ino);
    }
  }

  private Optional<InodeState> inode(long ino) {
    return view.get(Keys.inode(ino), Blocking.ALLOWED)
        .map(bytes -> InodeCodec.decode(ino, bytes, 0));
  }
}
