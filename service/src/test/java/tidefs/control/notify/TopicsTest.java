package tidefs.control.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.control.Account;
import tidefs.control.notify.Subscription.Channel;
import tidefs.testkit.ManualClock;
import tidefs.testkit.ManualLater;
import tidefs.testkit.MemoryKeyValueStore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TopicsTest {
  private ManualLater later = new ManualLater();
  private final MemoryKeyValueStore store = new MemoryKeyValueStore();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final HttpServer endpoint;
  private Topics topics = opened();

  TopicsTest() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (failures.getAndDecrement() > 0) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            received.add(new String(body, StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
          }
          exchange.close();
        });
    endpoint.start();
  }

  private Topics opened() {
    return new Topics(
        new Topics.Setup(
            new Account("123456789012", "us-east-1"),
            store,
            later,
            new ManualClock(),
            Chance.system(),
            "http://127.0.0.1:8049",
            Optional.empty()));
  }

  @AfterEach
  void stop() {
    endpoint.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/alarms";
  }

  private JsonNode last() {
    return JsonMapper.builder().build().readTree(received.getLast());
  }

  @Test
  void endpointConfirmsAndIsToldThen() throws NotifyRefusal {
    String arn = topics.create("ops");
    Subscription made = topics.subscribe(arn, Channel.HTTP, url(), false);
    later.runWaiting();
    assertThat(last().path("Type").asString()).isEqualTo("SubscriptionConfirmation");
    assertThat(last().path("SubscribeURL").asString())
        .startsWith("http://127.0.0.1:8049/?Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns");
    topics.publish(arn, "early", "nobody is told");
    later.runWaiting();
    assertThat(received).hasSize(1);

    assertThatThrownBy(() -> topics.confirm(arn, "wrong")).isInstanceOf(NotifyRefusal.class);
    assertThat(topics.confirm(arn, last().path("Token").asString())).isEqualTo(made.arn());
    topics = opened(); // A restart.
    assertThat(topics.perform(arn, "ALARM: \"a\"", "{\"AlarmName\":\"a\"}")).isEmpty();
    later.runWaiting();
    assertThat(last().path("Type").asString()).isEqualTo("Notification");
    assertThat(last().path("Subject").asString()).isEqualTo("ALARM: \"a\"");
    assertThat(last().path("Message").asString()).isEqualTo("{\"AlarmName\":\"a\"}");
    topics.unsubscribe(made.arn());
    topics.publish(arn, "late", "nobody is told");
    later.runWaiting();
    assertThat(received).hasSize(2);
  }

  @Test
  void webhookGetsTheBareMessageAfterFailuresToo() throws NotifyRefusal {
    String arn = topics.create("ops");
    topics.subscribe(arn, Channel.WEBHOOK, url(), false);
    failures.set(3);
    topics.publish(arn, "s", "{\"a\":1}");
    for (int i = 0; i < 4; i++) {
      assertThat(received).isEmpty();
      later.runWaiting();
    }
    assertThat(received).containsExactly("{\"a\":1}");
  }

  @Test
  void whatWaitsWhenTheServerStopsIsDeliveredByTheNext() throws NotifyRefusal {
    String arn = topics.create("ops");
    topics.subscribe(arn, Channel.WEBHOOK, url(), false);
    failures.set(1);
    topics.publish(arn, "s", "{\"a\":1}");
    later.runWaiting();
    topics.publish(arn, "s", "{\"b\":2}");
    later = new ManualLater(); // What waited is lost with the process.
    topics = opened();
    assertThat(received).isEmpty();
    later.runWaiting();
    assertThat(received).containsExactlyInAnyOrder("{\"a\":1}", "{\"b\":2}");
    later = new ManualLater();
    topics = opened();
    later.runWaiting();
    assertThat(received).hasSize(2);
  }

  @Test
  void unknownTopicsAndWrongEndpointsAreRefused() throws NotifyRefusal {
    assertThat(topics.perform("arn:aws:sns:us-east-1:123456789012:no", "s", "m")).isNotEmpty();
    String arn = topics.create("ops");
    assertThat(topics.create("ops")).isEqualTo(arn);
    assertThatThrownBy(() -> topics.subscribe(arn, Channel.HTTPS, url(), false))
        .isInstanceOf(NotifyRefusal.class);
    assertThatThrownBy(() -> topics.subscribe(arn, Channel.EMAIL, "a@example.org", false))
        .isInstanceOf(NotifyRefusal.class); // There is no relay.
    assertThatThrownBy(() -> topics.create("no spaces")).isInstanceOf(NotifyRefusal.class);
    topics.delete(arn);
    assertThat(topics.arns()).isEmpty();
  }
}
