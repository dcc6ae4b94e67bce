package tidefs.control.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.control.Later;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.KeyValueStore.Change;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends messages to endpoints in the background, and again after a pause if they fail. What waits
 * is kept in a store until it was taken or given up, so that a stop or a crash loses nothing; a
 * message may arrive twice then.
 */
final class Deliveries {
  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);
  private static final int SUCCESS = 200;
  private static final int NOT_SUCCESS = 300;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte WAITING = 'q';
  private static final int FORMAT = 1;

  private final Later later;
  private final KeyValueStore store;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong lastNumber = new AtomicLong();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(NotifyLimits.CONNECT_SECONDS))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final Optional<Mail> mail;

  /** Deliveries over {@code store}, where keys that begin with q are theirs. */
  Deliveries(Later later, KeyValueStore store, Optional<Mail> mail) {
    this.later = later;
    this.store = store;
    this.mail = mail;
  }

  /** Takes up what the last process left; the subscriptions are those of now, by their ARNs. */
  void resume(Map<String, Subscription> subscriptions) {
    List<Change> gone = new ArrayList<>();
    store.scan(
        new byte[] {WAITING},
        new byte[] {WAITING + 1},
        (key, value) -> {
          lastNumber.set(ByteBuffer.wrap(key).getLong(1));
          JsonNode in = JSON.readTree(value);
          Subscription to = subscriptions.get(in.path("subscription").asString());
          if (to == null || in.path("format").asInt() != FORMAT) {
            gone.add(new Change(key, null));
            return;
          }
          underWay.incrementAndGet();
          Envelope envelope =
              new Envelope(
                  in.path("type").asString(),
                  in.path("messageId").asString(),
                  in.path("body").asString());
          Letter letter = new Letter(in.path("subject").asString(), in.path("text").asString());
          Supplier<String> way = way(to, envelope, letter);
          later.run(Duration.ZERO, () -> attempt(to, key, way, 1));
        });
    store.apply(gone);
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
    byte[] key = key(lastNumber.incrementAndGet());
    store.applyDurably(List.of(new Change(key, encoded(to, envelope, letter))));
    Supplier<String> way = way(to, envelope, letter);
    later.run(Duration.ZERO, () -> attempt(to, key, way, 1));
  }

  private Supplier<String> way(Subscription to, Envelope envelope, Letter letter) {
    boolean raw = to.raw() && envelope.type().equals("Notification");
    String body = raw ? letter.text() : envelope.body();
    return to.channel() == Subscription.Channel.EMAIL
        ? () -> write(to, letter)
        : () -> post(to, envelope, body);
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(WAITING).putLong(number).array();
  }

  private static byte[] encoded(Subscription to, Envelope envelope, Letter letter) {
    return JSON.createObjectNode()
        .put("format", FORMAT)
        .put("subscription", to.arn())
        .put("type", envelope.type())
        .put("messageId", envelope.messageId())
        .put("body", envelope.body())
        .put("subject", letter.subject())
        .put("text", letter.text())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The message waits no more. */
  private void done(byte[] key) {
    underWay.decrementAndGet();
    store.apply(List.of(new Change(key, null)));
  }

  private String write(Subscription to, Letter letter) {
    return mail.map(relay -> relay.send(to.endpoint(), letter.subject(), letter.text()))
        .orElse("no relay for e-mail is configured");
  }

  /** Tries {@code way}, which tells why the message was not taken, and tries again later. */
  private void attempt(Subscription to, byte[] key, Supplier<String> way, int number) {
    String problem = way.get();
    if (problem.isEmpty()) {
      done(key);
      return;
    }
    if (Thread.currentThread().isInterrupted()) {
      return; // The server is stopping: the next process goes on.
    }
    if (number == NotifyLimits.ATTEMPTS) {
      done(key);
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
        () -> attempt(to, key, way, number + 1));
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
