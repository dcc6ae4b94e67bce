package tidefs.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tidefs.control.notify.MailSettings;

/**
 * Through whom alarms are sent by e-mail.
 *
 * @param smtp the relay as HOST:PORT, or off
 * @param from the sender's address
 * @param user with whom to log in at the relay; empty for nobody
 * @param passwordFile holds the user's password
 * @param requireTls whether mail is sent only if the relay offers STARTTLS
 */
public record MailSection(
    String smtp, String from, String user, String passwordFile, boolean requireTls) {
  private static final String OFF = "off";

  static MailSection read(Section in) {
    MailSection section =
        new MailSection(
            in.value("smtp", OFF, MailSection::smtp),
            in.value("from", "tidefs@localhost", text -> text),
            in.value("user", "", text -> text),
            in.value("password-file", "", text -> text),
            in.flag("require-tls", true));
    in.end();
    return section;
  }

  private static String smtp(String text) {
    if (!text.equals(OFF) && !text.matches("[^\\s:]+:[0-9]{1,5}")) {
      throw new IllegalArgumentException("is off or HOST:PORT, such as mail.example.org:587");
    }
    return text;
  }

  /** The relay, if there is one. */
  public Optional<MailSettings> relay() {
    if (smtp.equals(OFF)) {
      return Optional.empty();
    }
    int colon = smtp.lastIndexOf(':');
    int port = Integer.parseInt(smtp.substring(colon + 1));
    Optional<MailSettings.Login> login =
        user.isEmpty() ? Optional.empty() : Optional.of(new MailSettings.Login(user, password()));
    return Optional.of(new MailSettings(smtp.substring(0, colon), port, from, login, requireTls));
  }

  private String password() {
    try {
      return Files.readString(Path.of(passwordFile)).strip();
    } catch (IOException e) {
      throw new ConfigurationException("mail.password-file: " + passwordFile + " cannot be read");
    }
  }
}
