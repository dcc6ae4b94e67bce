package tidefs.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who may be at which blocks of which chunk: readers together, a writer alone, in the order in
 * which they came. Nobody blocks a thread: who has to wait gets a future.
 */
public final class RangeTurns {
  private static final int PARTS = 64;

  private final Part[] parts = new Part[PARTS];

  /** Nobody is anywhere. */
  public RangeTurns() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /** A stay at a range. */
  public static final class Turn {
    private final ChunkId chunk;
    private final int from;
    private final int to;
    private final boolean writes;
    private @Nullable Turn before;
    private @Nullable Turn after;

    /** Completes when the turn has come; complete from the start if nobody was in the way. */
    private CompletableFuture<Void> come = ChunkStore.DONE;

    private Turn(ChunkId chunk, int from, int to, boolean writes) {
      this.chunk = chunk;
      this.from = from;
      this.to = to;
      this.writes = writes;
    }

    /** Completes when the turn has come. */
    public CompletableFuture<Void> come() {
      return come;
    }

    private boolean conflicts(Turn other) {
      return (writes || other.writes)
          && from < other.to
          && other.from < to
          && chunk.equals(other.chunk);
    }

    /** Whether one that came earlier is in the way. */
    private boolean hasToWait() {
      for (Turn each = before; each != null; each = each.before) {
        if (conflicts(each)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Those at chunks that share a lock, which is held for a look at the list only. */
  private static final class Part {
    private @Nullable Turn last;

    synchronized void enter(Turn turn) {
      turn.before = last;
      if (last != null) {
        last.after = turn;
      }
      last = turn;
      if (turn.hasToWait()) {
        turn.come = new CompletableFuture<>();
      }
    }

    /** Takes a turn out; returns those that have come with that, to be told without the lock. */
    synchronized List<Turn> exit(Turn turn) {
      Turn before = turn.before;
      Turn after = turn.after;
      if (before != null) {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      } else {
        last = before;
      }
      List<Turn> come = List.of();
      for (Turn each = after; each != null; each = each.after) {
        if (each.conflicts(turn) && !each.come.isDone() && !each.hasToWait()) {
          come = come.isEmpty() ? new ArrayList<>(2) : come;
          come.add(each);
        }
      }
      return come;
    }
  }

  /** Asks for a turn at the bytes from {@code from} to {@code to}. */
  public Turn enter(ChunkId chunk, int from, int to, boolean writes) {
    Turn turn = new Turn(chunk, from, to, writes);
    part(chunk).enter(turn);
    return turn;
  }

  /** Ends a turn that has come. */
  public void exit(Turn turn) {
    for (Turn each : part(turn.chunk).exit(turn)) {
      each.come.complete(null);
    }
  }

  private Part part(ChunkId chunk) {
    int hash = chunk.hashCode() * 0x9e3779b9;
    return parts[hash >>> 26];
  }
}
