package tidefs.control.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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

  Deliveries(Later later) {
    this.later = later;
  }

  /** Sends a message; the caller does not wait. */
  void send(Subscription to, Envelope envelope, String rawBody) {
    if (underWay.incrementAndGet() > NotifyLimits.DELIVERIES) {
      underWay.decrementAndGet();
      log.atWarn().addKeyValue("subscription", to.arn()).log("Message dropped: too many wait");
      return;
    }
    boolean raw = to.raw() && envelope.type().equals("Notification");
    later.run(Duration.ZERO, () -> attempt(to, envelope, raw ? rawBody : envelope.body(), 1));
  }

  private void attempt(Subscription to, Envelope envelope, String body, int number) {
    String problem = post(to, envelope, body);
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
        () -> attempt(to, envelope, body, number + 1));
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
