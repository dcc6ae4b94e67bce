package tidefs.server;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import tidefs.server.config.LogSettings;

/**
 * How a process logs that has not read its configuration, or reads none: warnings, as text. Found
 * by Logback as a service.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class QuietLogging extends ContextAwareBase implements Configurator {
  private static final LogSettings SETTINGS =
      new LogSettings(LogSettings.Level.WARN, LogSettings.Format.TEXT);

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logging.apply(SETTINGS, context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
