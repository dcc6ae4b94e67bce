package tidefs.control.notify;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Sends e-mail through a relay (SMTP, RFC 5321). */
final class Mail {
  private final MailSettings settings;

  Mail(MailSettings settings) {
    this.settings = settings;
  }

  /** Whether {@code text} is the address of one mailbox. */
  static boolean isAddress(String text) {
    try {
      new InternetAddress(text, true).validate();
      return text.indexOf('@') > 0;
    } catch (AddressException e) {
      return false;
    }
  }

  /** Sends a message; why it was not taken, empty if it was. Waits for the relay. */
  String send(String to, String subject, String text) {
    try {
      MimeMessage message = new MimeMessage(session());
      message.setFrom(new InternetAddress(settings.from()));
      message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
      message.setSubject(subject.replaceAll("[\\r\\n]", " "), StandardCharsets.UTF_8.name());
      message.setText(text, StandardCharsets.UTF_8.name());
      Transport.send(message);
      return "";
    } catch (MessagingException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Session session() {
    String seconds = Integer.toString(NotifyLimits.ANSWER_SECONDS * 1_000);
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", settings.host());
    properties.setProperty("mail.smtp.port", Integer.toString(settings.port()));
    properties.setProperty("mail.smtp.connectiontimeout", seconds);
    properties.setProperty("mail.smtp.timeout", seconds);
    properties.setProperty("mail.smtp.writetimeout", seconds);
    properties.setProperty("mail.smtp.starttls.enable", "true");
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(settings.requireTls()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.auth", Boolean.toString(settings.user().isPresent()));
    return Session.getInstance(properties, settings.user().map(Mail::login).orElse(null));
  }

  private static Authenticator login(MailSettings.Login login) {
    return new Authenticator() {
      @Override
      protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(login.name(), login.password());
      }
    };
  }
}
