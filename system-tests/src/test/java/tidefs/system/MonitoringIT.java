package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.Credentials;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Throughput, metrics and alarms of the packaged server, in real time. */
final class MonitoringIT {
  private static final String AS_EFS = "throughput:\n  profile: aws\n";
  private static final int MIB = 1 << 20;
  private static final int REQUEST_BYTES = 256 << 10;
  private static final int FILE_BYTES = 4 * MIB;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration MEASURED = Duration.ofSeconds(30);

  /** What a new file system has in burst credits. */
  private static final long CREDITS = 2_308_974_418_330L;

  private static NfsClient connect(Server.Export export, int number) throws IOException {
    return NfsClient.connect(
        new InetSocketAddress(export.address(), export.port()),
        1,
        Credentials.ROOT,
        "writer-" + number);
  }

  /** Writes the same few MiB again and again; returns how many bytes between the two times. */
  private static long write(Server.Export export, int number, long fromNanos, long toNanos)
      throws IOException {
    byte[] data = new byte[REQUEST_BYTES];
    long written = 0;
    try (NfsClient client = connect(export, number)) {
      OpenFile file = client.create(client.root(), "share-" + number, 0644);
      for (long offset = 0; ; offset = (offset + data.length) % FILE_BYTES) {
        client.write(file, offset, Stability.UNSTABLE, data);
        long now = System.nanoTime();
        if (now >= toNanos) {
          break;
        }
        written += now >= fromNanos ? data.length : 0;
      }
      client.commit(file.handle());
      client.close(file);
    }
    return written;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void provisionedThroughputIsGivenInEqualShares(int clients) throws Exception {
    Path logs = Checkout.logs("monitoring-shares-" + clients);
    try (TideFsServer server = TideFsServer.create(logs, 10, 0, AS_EFS)) {
      Server.Export export = server.export();
      AwsCli aws = new AwsCli(server.endpoint());
      String id = aws.call("efs describe-file-systems --query FileSystems[0].FileSystemId");
      aws.call(
          "efs update-file-system --throughput-mode provisioned"
              + " --provisioned-throughput-in-mibps 20 --file-system-id",
          id);
      Thread.sleep(WARM_UP);
      long from = System.nanoTime() + WARM_UP.toNanos();
      long to = from + MEASURED.toNanos();
      List<Double> rates = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
          int number = i;
          running.add(threads.submit(() -> write(export, number, from, to)));
        }
        for (Future<Long> each : running) {
          rates.add(each.get() / (double) MIB / MEASURED.toSeconds());
        }
      }
      double all = rates.stream().mapToDouble(each -> each).sum();
      double share = all / clients;
      System.err.printf(
          Locale.ROOT,
          "%d clients: %.2f MiB/s; shares of %.3f to %.3f%n",
          clients,
          all,
          rates.stream().mapToDouble(each -> each).min().orElseThrow(),
          rates.stream().mapToDouble(each -> each).max().orElseThrow());
      assertThat(all).isBetween(19.0, 21.0);
      assertThat(rates).allSatisfy(each -> assertThat(each).isBetween(0.9 * share, 1.1 * share));
      server.stopAndCheck();
    }
  }

  /** An HTTP endpoint that confirms its subscription and keeps what it is told. */
  private static final class Subscriber implements AutoCloseable {
    private final HttpServer http;
    private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();

    Subscriber() throws IOException {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext("/", this::receive);
      http.start();
    }

    String url() {
      return "http://127.0.0.1:" + http.getAddress().getPort() + "/alarms";
    }

    private void receive(HttpExchange exchange) throws IOException {
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode message = JsonMapper.shared().readTree(text);
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      if (message.get("Type").asString().equals("SubscriptionConfirmation")) {
        try (HttpClient client = HttpClient.newHttpClient()) {
          URI confirm = URI.create(message.get("SubscribeURL").asString());
          client.send(
              HttpRequest.newBuilder(confirm).build(), HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      told.add(message);
    }

    /** The state that the next alarm which arrives has come to. */
    String nextAlarm() throws InterruptedException {
      while (true) {
        JsonNode next = told.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a message").isNotNull();
        if (next.get("Type").asString().equals("Notification")) {
          return JsonMapper.shared()
              .readTree(next.get("Message").asString())
              .get("NewStateValue")
              .asString();
        }
      }
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }

  private static void becomes(String wanted, Duration within, Supplier<String> probe)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!probe.get().equals(wanted)) {
      assertThat(System.nanoTime()).as("%s, not %s", probe.get(), wanted).isLessThan(deadline);
      Thread.sleep(2_000);
    }
  }

  @Test
  void theTutorialsAlarmFollowsTheCreditsDownAndUp() throws Exception {
    Path logs = Checkout.logs("monitoring-tutorial");
    try (TideFsServer server = TideFsServer.create(logs, 10, 0, AS_EFS);
        Subscriber subscriber = new Subscriber()) {
      Server.Export export = server.export();
      AwsCli aws = new AwsCli(server.endpoint());
      String id = aws.call("efs describe-file-systems --query FileSystems[0].FileSystemId");
      String topic = aws.call("sns create-topic --name efs-credits --query TopicArn");
      aws.call(
          "sns subscribe --protocol http --topic-arn",
          topic,
          "--notification-endpoint",
          subscriber.url());
      becomes(
          "1",
          Duration.ofSeconds(30),
          () ->
              aws.call(
                  "sns list-subscriptions --query",
                  "length(Subscriptions[?starts_with(SubscriptionArn, 'arn:')])"));
      putAlarm(aws, id, topic);
      Supplier<String> state =
          () ->
              aws.call(
                  "cloudwatch describe-alarms --alarm-names efs-burst-credit --query",
                  "MetricAlarms[0].StateValue");
      becomes("OK", Duration.ofSeconds(130), state);
      assertThat(subscriber.nextAlarm()).isEqualTo("OK");
      long now = System.nanoTime();
      write(export, 0, now, now + TimeUnit.SECONDS.toNanos(3));
      becomes("ALARM", Duration.ofSeconds(130), state);
      assertThat(subscriber.nextAlarm()).isEqualTo("ALARM");
      becomes("OK", Duration.ofMinutes(7), state);
      assertThat(subscriber.nextAlarm()).isEqualTo("OK");
      changeModeAndLifecycle(aws, id);
      server.stopAndCheck();
    }
  }

  private static void putAlarm(AwsCli aws, String id, String topic) {
    // The tutorial's threshold, moved up to where a minute of writing gets a new file system.
    aws.call(
        "cloudwatch put-metric-alarm --alarm-name efs-burst-credit --metric-name"
            + " BurstCreditBalance --namespace AWS/EFS --statistic Minimum --period 60"
            + " --evaluation-periods 1 --comparison-operator LessThanOrEqualToThreshold"
            + " --threshold "
            + (CREDITS - 100L * MIB)
            + " --dimensions Name=FileSystemId,Value="
            + id
            + " --alarm-actions "
            + topic
            + " --ok-actions "
            + topic);
  }

  private static void changeModeAndLifecycle(AwsCli aws, String id) {
    String elastic =
        aws.call(
            "efs update-file-system --throughput-mode elastic --query ThroughputMode"
                + " --file-system-id",
            id);
    assertThat(elastic).isEqualTo("elastic");
    String policies =
        aws.call(
            "efs put-lifecycle-configuration --query LifecyclePolicies[].TransitionToIA"
                + " --lifecycle-policies TransitionToIA=AFTER_30_DAYS --file-system-id",
            id);
    assertThat(policies).isEqualTo("AFTER_30_DAYS");
  }
}
