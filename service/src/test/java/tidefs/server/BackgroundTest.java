package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Work that nobody waits for: its failures are told, and end nothing but themselves. */
final class BackgroundTest {
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final Logger log = (Logger) LoggerFactory.getLogger(Background.class);
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @Test
  void errorIsLoggedAndTheWorkGoesOn() throws InterruptedException {
    CountDownLatch rounds = new CountDownLatch(3);
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            told.add(event.getMessage() + ": " + event.getThrowableProxy().getMessage());
          }
        };
    appender.start();
    log.addAppender(appender);
    log.setAdditive(false);
    try (Background background = new Background()) {
      background.every(
          PAUSE,
          () -> {
            rounds.countDown();
            throw new AssertionError("round");
          });
      assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      log.setAdditive(true);
      log.detachAppender(appender);
    }
    assertThat(told).hasSizeGreaterThanOrEqualTo(2).containsOnly("Background task failed: round");
  }
}
