package tidefs.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;
import tidefs.server.config.LogSettings;

/** The log: one line a message on standard error, as text or as JSON. */
final class Logging {
  private static final String LINE =
      "%date{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level %logger{0}: %message %kvp%n%ex";

  private Logging() {}

  /** Logs as configured from now on, also what ends a thread that nobody looks after. */
  static void start(LogSettings settings) {
    apply(settings, (LoggerContext) LoggerFactory.getILoggerFactory());
    org.slf4j.Logger log = LoggerFactory.getLogger(Logging.class);
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
        log.atError().addKeyValue("thread", thread.getName()).setCause(failure).log("Thread died"));
  }

  static void apply(LogSettings settings, LoggerContext context) {
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder(settings.format(), context));
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN); // Libraries speak when something is wrong.
    root.addAppender(console);
    context.getLogger("tidefs").setLevel(Level.valueOf(settings.level().name()));
  }

  private static Encoder<ILoggingEvent> encoder(LogSettings.Format format, LoggerContext context) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(LINE);
            yield text;
          }
          case JSON -> {
            JsonEncoder json = new JsonEncoder();
            json.setWithContext(false);
            json.setWithSequenceNumber(false);
            json.setWithNanoseconds(false);
            json.setWithFormattedMessage(false);
            yield json;
          }
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
