package tidefs.server.config;

/** The configuration is wrong. The message names place and key, and what would be right. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ConfigurationException(String message) {
    super(message);
  }
}
