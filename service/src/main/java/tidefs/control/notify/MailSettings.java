package tidefs.control.notify;

import java.util.Optional;

/**
 * Through whom e-mail is sent.
 *
 * @param user with whom to log in, if the relay asks for it
 * @param requireTls whether mail is sent only if the relay offers STARTTLS
 */
public record MailSettings(
    String host, int port, String from, Optional<Login> user, boolean requireTls) {
  /** A name and its password. */
  public record Login(String name, String password) {
    @Override
    public String toString() {
      return name;
    }
  }
}
