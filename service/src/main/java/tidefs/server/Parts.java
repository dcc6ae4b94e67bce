package tidefs.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, to be stopped in the opposite order, all of it whatever fails. */
final class Parts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** Notes that {@code part} runs; returns it. */
  <T extends AutoCloseable> T add(T part) {
    started.push(part);
    return part;
  }

  /** The edge of the server's end: what a part fails with is told, and the next one is stopped. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.atError()
            .addKeyValue("part", part.getClass().getSimpleName())
            .setCause(e)
            .log("A part of the server could not be stopped cleanly");
      }
    }
  }
}
