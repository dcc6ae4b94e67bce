package tidefs.server.config;

/** What is logged, and how it is written. */
public record LogSettings(Level level, Format format) {
  /** The least important messages that are written. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** How a message is written: one line of text, or one line of JSON. */
  public enum Format {
    TEXT,
    JSON
  }

  static LogSettings read(Section in) {
    LogSettings settings =
        new LogSettings(
            in.value("level", "info", text -> Values.oneOf(Level.class, text)),
            in.value("format", "text", text -> Values.oneOf(Format.class, text)));
    in.end();
    return settings;
  }
}
