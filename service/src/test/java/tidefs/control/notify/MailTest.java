package tidefs.control.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class MailTest {
  /** A relay that takes one message; what it was told. */
  private static String takeOne(ServerSocket relay) {
    StringBuilder told = new StringBuilder();
    try (Socket socket = relay.accept();
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = socket.getOutputStream()) {
      say(out, "220 relay");
      boolean data = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        told.append(line).append('\n');
        if (data) {
          if (line.equals(".")) {
            data = false;
            say(out, "250 taken");
          }
        } else if (line.equals("DATA")) {
          data = true;
          say(out, "354 go on");
        } else if (line.equals("QUIT")) {
          say(out, "221 bye");
          break;
        } else {
          say(out, "250 ok");
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return told.toString();
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void relayGetsTheMessage() throws IOException {
    try (ServerSocket relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var told = CompletableFuture.supplyAsync(() -> takeOne(relay));
      Mail mail =
          new Mail(
              new MailSettings(
                  "127.0.0.1",
                  relay.getLocalPort(),
                  "tidefs@example.org",
                  Optional.empty(),
                  false));
      assertThat(mail.send("ops@example.org", "ALARM: \"a\"\nBcc: all@example.org", "gone"))
          .isEmpty();
      assertThat(told.join())
          .contains("MAIL FROM:<tidefs@example.org>")
          .contains("RCPT TO:<ops@example.org>")
          .contains("Subject: ALARM: \"a\" Bcc: all@example.org\n")
          .contains("\ngone\n");
    }
  }

  @Test
  void relayThatIsNotThereIsTold() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    Mail mail = new Mail(new MailSettings("127.0.0.1", port, "a@b.org", Optional.empty(), false));
    assertThat(mail.send("ops@example.org", "s", "t")).isNotEmpty();
  }

  @Test
  void addressesAreChecked() {
    assertThat(Mail.isAddress("ops@example.org")).isTrue();
    assertThat(Mail.isAddress("ops")).isFalse();
    assertThat(Mail.isAddress("a@b.org, c@d.org")).isFalse();
    assertThat(Mail.isAddress("a@b.org\nBcc: c@d.org")).isFalse();
  }
}
