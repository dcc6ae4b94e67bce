package tidefs.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread wait for something that will likely come within microseconds without sleeping:
 * waking a sleeping thread takes longer than that, most of all on virtual processors. It spins only
 * while processors of the machine are idle, and less often where that was in vain. Not for
 * concurrent use.
 */
public final class Spinner {
  private static final Path LOAD = Path.of("/proc/loadavg");
  private static final int RUNNING_FIELD = 3;
  private static final long LOOK_NANOS = 5_000_000;
  private static final int MOST_CREDIT = 64;
  private static final int HIT_CREDIT = 4;
  private static final int PAUSE = 64;

  /** Threads that may run at once and still leave a processor for someone else. */
  private static final int FEW_RUNNING = Runtime.getRuntime().availableProcessors() - 1;

  private static volatile boolean coresAreIdle;
  private static volatile long lookedNanos = System.nanoTime() - LOOK_NANOS;

  private final long mostNanos;
  private final BooleanSupplier idleCores;
  private int credit = HIT_CREDIT;
  private int pause;

  /** Spins for at most {@code mostNanos} at a time. */
  public Spinner(long mostNanos) {
    this(mostNanos, Spinner::hasIdleCores);
  }

  Spinner(long mostNanos, BooleanSupplier idleCores) {
    this.mostNanos = mostNanos;
    this.idleCores = idleCores;
  }

  /** Spins until {@code done} says so; false if it does not in time, or spinning does not pay. */
  public boolean await(BooleanSupplier done) {
    if (pause > 0) {
      pause--;
      return false;
    }
    if (!idleCores.getAsBoolean()) {
      return false;
    }
    long from = System.nanoTime();
    do {
      if (done.getAsBoolean()) {
        credit = Math.min(MOST_CREDIT, credit + HIT_CREDIT);
        return true;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() - from < mostNanos);
    if (--credit <= 0) {
      credit = HIT_CREDIT;
      pause = PAUSE;
    }
    return false;
  }

  private static boolean hasIdleCores() {
    long now = System.nanoTime();
    if (now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      coresAreIdle = FEW_RUNNING > 1 && running() <= FEW_RUNNING;
    }
    return coresAreIdle;
  }

  /** How many threads of the machine run or could run; very many if that is not told. */
  private static int running() {
    try {
      String[] fields = Files.readString(LOAD, StandardCharsets.US_ASCII).split(" ", -1);
      return Integer.parseInt(fields[RUNNING_FIELD].split("/", -1)[0]);
    } catch (IOException | RuntimeException e) { // Not Linux, or not as Linux is now.
      return Integer.MAX_VALUE;
    }
  }
}
