package tidefs.store;

import java.util.concurrent.locks.LockSupport;
import tidefs.base.Spinner;

/**
 * One of a committer's threads, with what it needs to write a group. It parks when there is nothing
 * to do. A platform thread: it spends its life in native calls.
 */
final class CommitThread {
  private static final long STACK_BYTES = 256 << 10;
  private static final long SPIN_NANOS = 60_000;

  private final Committer committer;
  private final Thread thread;
  private final CommitBuffer buffer = new CommitBuffer();
  private final Spinner spinner = new Spinner(SPIN_NANOS);
  private Pending.Group group = new Pending.Group();
  private volatile State state = State.NEW;

  /** What a step leaves to do. */
  enum Next {
    LOOK,
    REST,
    END
  }

  private enum State {
    /** Not started. */
    NEW,
    /** About to see what there is to do. */
    LOOKS,
    WRITES,
    /** Nothing to do: to be woken. */
    RESTS,
    ENDED
  }

  CommitThread(Committer committer) {
    this.committer = committer;
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("store-committer")
            .stackSize(STACK_BYTES)
            .unstarted(this::run);
  }

  /** Starts the thread, unless it is. One caller at a time. */
  void start() {
    if (state == State.NEW) {
      state = State.LOOKS;
      thread.start();
    }
  }

  /** The group that the thread has taken, or had. */
  Pending.Group group() {
    return group;
  }

  void group(Pending.Group taken) {
    group = taken;
  }

  CommitBuffer buffer() {
    return buffer;
  }

  /** Notes whether the thread writes, and cannot look meanwhile. */
  void writes(boolean now) {
    state = now ? State.WRITES : State.LOOKS;
  }

  /** Whether the thread will see what there is to do without being told. */
  boolean looks() {
    return state == State.LOOKS;
  }

  /** Wakes the thread if it rests; false if it does not. */
  boolean wake() {
    if (state != State.RESTS) {
      return false;
    }
    LockSupport.unpark(thread);
    return true;
  }

  /** Waits until the thread has ended, if it was started. */
  void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        switch (committer.step(this)) {
          case LOOK -> {}
          case REST -> rest();
          case END -> {
            return;
          }
        }
      }
    } catch (RuntimeException | Error e) { // The edge of a background loop.
      committer.failed(e);
    } finally {
      state = State.ENDED;
    }
  }

  /** Parks until there is something to do, or a checkpoint is due. */
  private void rest() {
    if (!committer.isActive()) {
      buffer.shrink();
    } else if (spinner.await(committer::hasWork)) {
      return;
    }
    state = State.RESTS;
    if (!committer.hasWork()) {
      long nanos = committer.restNanos();
      if (nanos == 0) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
    }
    state = State.LOOKS;
  }
}
