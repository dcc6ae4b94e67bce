package tidefs.system;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that is done again and again beside a test, as long as this is open. */
final class Meanwhile implements AutoCloseable {
  private final FutureTask<Integer> work;
  private volatile boolean ends;
  private volatile int count;

  /** Something that is done; what it throws fails the test when that closes this. */
  interface Step {
    /** Does it once; true if it counts. */
    boolean run() throws Exception;
  }

  Meanwhile(Step step) {
    work = new FutureTask<>(() -> repeat(step));
    Thread.ofPlatform().start(work);
  }

  private int repeat(Step step) throws Exception {
    int done = 0;
    while (!ends) {
      if (step.run()) {
        done++;
        count = done;
      }
    }
    return done;
  }

  /** How often it was done and counted, so far. */
  int count() {
    return count;
  }

  @Override
  public void close() {
    ends = true;
    try {
      int _ = work.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
