package tidefs.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import tidefs.base.Clock;
import tidefs.iam.RequestSigner;

/** The server that a client command talks to, as an option of that command. */
final class Endpoint {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int NOT_FOUND = 404;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description = "The server's API (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:TIDEFS_ENDPOINT_URL:-http://127.0.0.1:8049}")
  private URI url = URI.create("http://127.0.0.1:8049");

  @Option(
      names = "--region",
      description = "The server's Region (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:AWS_REGION:-${env:AWS_DEFAULT_REGION:-us-east-1}}")
  private String region = "us-east-1";

  /** Where the API is. */
  URI url() {
    return url;
  }

  /** The server's Region. */
  String region() {
    return region;
  }

  /** What the server has answered. */
  record Answer(String body) {}

  /** No server answers. */
  static final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Unreachable(IOException cause) {
      super(cause);
    }
  }

  /**
   * Gets what is at a path of a service, with a query of parameters in order; nothing if there is
   * no such thing.
   *
   * @throws Unreachable if no server answers
   */
  Optional<Answer> get(String service, String path, String query) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", url.getAuthority());
    headers.put("x-amz-date", TIME.format(Clock.system().now()));
    String authorization = signer(service).authorization("GET", path, query, headers, new byte[0]);
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(path + "?" + query))
            .timeout(PATIENCE)
            .header("x-amz-date", headers.getOrDefault("x-amz-date", ""))
            .header("authorization", authorization)
            .GET()
            .build();
    try {
      HttpResponse<String> answer = answer(request);
      return answer.statusCode() == NOT_FOUND
          ? Optional.empty()
          : Optional.of(new Answer(body(answer)));
    } catch (IOException e) {
      throw new Unreachable(e);
    }
  }

  /** Posts a form to a service and returns the body of the answer, if it is one of success. */
  String post(String service, String form) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    return post(service, headers, form);
  }

  /** Posts JSON to an operation of a service and returns the body of the answer. */
  String postJson(String service, String target, String json) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/x-amz-json-1.1");
    headers.put("x-amz-target", target);
    return post(service, headers, json);
  }

  /** Calls an operation of a REST service and returns the body of the answer. */
  String call(String service, String method, String path, String json) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/json");
    return send(service, method, path, headers, json);
  }

  private String post(String service, SortedMap<String, String> headers, String text) {
    return send(service, "POST", "/", headers, text);
  }

  private String send(
      String service, String method, String path, SortedMap<String, String> headers, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    headers.put("host", url.getAuthority());
    headers.put("x-amz-date", TIME.format(Clock.system().now()));
    String authorization = signer(service).authorization(method, path, headers, body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.remove("host"); // The client sends it by itself.
    headers.forEach(request::header);
    request.header("authorization", authorization);
    return send(request.build());
  }

  private RequestSigner signer(String service) {
    return new RequestSigner(
        environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"), region, service);
  }

  private static String environment(String name) {
    return Optional.ofNullable(System.getenv(name))
        .filter(value -> !value.isEmpty())
        .orElse("local");
  }

  private String send(HttpRequest request) {
    try {
      return body(answer(request));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "no server answers at "
              + url
              + ". Start one with 'tidefs up', or name the right one with --endpoint-url.",
          e);
    }
  }

  private HttpResponse<String> answer(HttpRequest request) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedIOException | InterruptedException e) {
      throw new CommandException(ExitCode.FAILED, "interrupted while waiting for " + url, e);
    }
  }

  private String body(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new CommandException(
          ExitCode.FAILED, url + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }
}
