package tidefs.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidefs.base.Clock;
import tidefs.store.StoreFault;

/** What a place makes of a server that errs; the system test {@code s3} has a real one. */
@Timeout(30)
final class BucketPlaceTest {
  private static final BucketPlace.Limits SHORT =
      new BucketPlace.Limits(Duration.ofMillis(200), Duration.ofMillis(300));

  private final CountDownLatch over = new CountDownLatch(1);
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private BucketPlace place;

  /** Answers the n-th request. */
  private interface Answers {
    void answer(int number, HttpExchange exchange) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    Bucket bucket = new Bucket(endpoint, "eu-west-1", "cold", "here/", "AKID", "secret");
    place = new BucketPlace(bucket, Clock.system(), SHORT);
  }

  @AfterEach
  void stop() {
    over.countDown();
    place.close();
    server.stop(0);
    threads.close();
  }

  private void serve(Answers answers) {
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          assertThat(exchange.getRequestHeaders().getFirst("Authorization"))
              .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
              .contains("/eu-west-1/s3/aws4_request, SignedHeaders=host;");
          try {
            answers.answer(requests.size(), exchange);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.close();
        });
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Test
  void whatMayPassIsTriedAgain() {
    serve((number, exchange) -> {
      switch (number) {
        case 1 -> reply(exchange, 503, "<Error><Code>SlowDown</Code></Error>");
        case 2 -> reply(exchange, 400, "<Error><Code>RequestTimeout</Code></Error>");
        default -> reply(exchange, 200, "contents");
      }
    });
    assertThat(place.get("a-1-0").map(it -> new String(it, UTF_8))).contains("contents");
    assertThat(requests).hasSize(3).containsOnly("GET /cold/here/a-1-0");
  }

  @Test
  void whatDoesNotPassIsToldAtOnce() {
    serve((_, exchange) -> reply(exchange, 403, "<Error><Code>AccessDenied</Code></Error>"));
    assertThatThrownBy(() -> place.get("a-1-0"))
        .isInstanceOf(StoreFault.class)
        .hasMessage("a bucket refused a request: 403 AccessDenied");
    assertThat(requests).hasSize(1);
  }

  @Test
  void anAnswerThatStopsInTheMiddleEndsATry() {
    serve((_, exchange) -> {
      exchange.sendResponseHeaders(200, 1_000);
      exchange.getResponseBody().write(new byte[500]);
      exchange.getResponseBody().flush();
      over.await();
    });
    assertThatThrownBy(() -> place.get("a-1-0"))
        .isInstanceOf(StoreFault.class)
        .hasMessage("a bucket cannot be reached");
    assertThat(requests).hasSize(3);
  }

  @Test
  void anAnswerThatBreaksOffEndsATry() {
    serve((number, exchange) -> {
      exchange.sendResponseHeaders(200, 4);
      exchange.getResponseBody().write(number == 1 ? new byte[2] : new byte[4]);
    });
    assertThat(place.get("a-1-0")).hasValueSatisfying(it -> assertThat(it).hasSize(4));
    assertThat(requests).hasSize(2);
  }

  @Test
  void nobodyListensIsToldSoon() {
    server.stop(0);
    assertThatThrownBy(() -> place.put("a-1-0", new byte[1]))
        .isInstanceOf(StoreFault.class)
        .hasMessage("a bucket cannot be reached");
  }

  @Test
  void anObjectThatIsNotThereAndABucketThatIsNotThereAreTwoThings() {
    serve((number, exchange) ->
        reply(
            exchange,
            404,
            "<Error><Code>" + (number == 1 ? "NoSuchKey" : "NoSuchBucket") + "</Code></Error>"));
    assertThat(place.get("a-1-0")).isEmpty();
    assertThatThrownBy(() -> place.get("a-1-0")).hasMessageContaining("404 NoSuchBucket");
  }

  @Test
  void anEmptyPageThatIsNotTheLastIsGoneBeyond() {
    String first =
        "<L><IsTruncated>true</IsTruncated>"
            + "<NextContinuationToken>a+/=</NextContinuationToken></L>";
    String second =
        "<L><IsTruncated>false</IsTruncated><Contents><Key>here/a-1-0</Key></Contents></L>";
    serve((number, exchange) -> reply(exchange, 200, number == 1 ? first : second));
    assertThat(place.list("a", "a-0")).containsExactly("a-1-0");
    assertThat(requests)
        .containsExactly(
            "GET /cold?list-type=2&prefix=here%2Fa&start-after=here%2Fa-0",
            "GET /cold?continuation-token=a%2B%2F%3D&list-type=2&prefix=here%2Fa");
  }
}
