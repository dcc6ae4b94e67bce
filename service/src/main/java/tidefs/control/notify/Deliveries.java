package tidefs.control.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.control.Later;

/** Sends messages to endpoints in the background, and again after a pause if they fail. */
final class Deliveries {
  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);
  private static final int SUCCESS = 200;
  private static final int NOT_SUCCESS = 300;

  private final Later later;
  private final AtomicInteger underWay = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(NotifyLimits.CONNECT_SECONDS))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final Optional<Mail> mail;

  Deliveries(Later later, Optional<Mail> mail) {
    this.later = later;
    this.mail = mail;
  }

  /** A message as people read it. */
  record Letter(String subject, String text) {}

  /** Sends a message; the caller does not wait. */
  void send(Subscription to, Envelope envelope, Letter letter) {
    if (underWay.incrementAndGet() > NotifyLimits.DELIVERIES) {
      underWay.decrementAndGet();
      log.atWarn().addKeyValue("subscription", to.arn()).log("Message dropped: too many wait");
      return;
    }
    boolean raw = to.raw() && envelope.type().equals("Notification");
    String body = raw ? letter.text() : envelope.body();
    Supplier<String> way =
        to.channel() == Subscription.Channel.EMAIL
            ? () -> write(to, letter)
            : () -> post(to, envelope, body);
    later.run(Duration.ZERO, () -> attempt(to, way, 1));
  }

  private String write(Subscription to, Letter letter) {
    return mail.map(relay -> relay.send(to.endpoint(), letter.subject(), letter.text()))
        .orElse("no relay for e-mail is configured");
  }

  /** Tries {@code way}, which tells why the message was not taken, and tries again later. */
  private void attempt(Subscription to, Supplier<String> way, int number) {
    String problem = way.get();
    if (problem.isEmpty()) {
      underWay.decrementAndGet();
      return;
    }
    if (number == NotifyLimits.ATTEMPTS) {
      underWay.decrementAndGet();
      log.atWarn()
          .addKeyValue("subscription", to.arn())
          .addKeyValue("attempts", number)
          .addKeyValue("problem", problem)
          .log("Message not delivered");
      return;
    }
    long pause = (long) NotifyLimits.FIRST_PAUSE_MILLIS << (number - 1);
    later.run(
        Duration.ofMillis(Math.min(pause, NotifyLimits.LONGEST_PAUSE_MILLIS)),
        () -> attempt(to, way, number + 1));
  }

  /** Why the message was not taken; empty if it was. */
  private String post(Subscription to, Envelope envelope, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(to.endpoint()))
              .timeout(Duration.ofSeconds(NotifyLimits.ANSWER_SECONDS))
              .header("Content-Type", "text/plain; charset=UTF-8")
              .header("User-Agent", "Amazon Simple Notification Service Agent")
              .header("x-amz-sns-message-type", envelope.type())
              .header("x-amz-sns-message-id", envelope.messageId())
              .header("x-amz-sns-topic-arn", to.topicArn())
              .header("x-amz-sns-subscription-arn", to.arn())
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= SUCCESS && status < NOT_SUCCESS ? "" : "HTTP status " + status;
    } catch (IOException | IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the server is stopping";
    }
  }
}
