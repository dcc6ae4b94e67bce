package tidefs.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The server that a client command talks to, as an option of that command. */
final class Endpoint {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description = "The server's API (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:TIDEFS_ENDPOINT_URL:-http://127.0.0.1:8049}")
  private URI url = URI.create("http://127.0.0.1:8049");

  /** Posts a form and returns the body of the answer, if it is one of success. */
  String post(String form) {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> answer =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() / 100 != 2) {
        throw new CommandException(
            ExitCode.FAILED, url + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return answer.body();
    } catch (InterruptedIOException | InterruptedException e) {
      throw new CommandException(ExitCode.FAILED, "interrupted while waiting for " + url, e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "no server answers at "
              + url
              + ". Start one with 'tidefs up', or name the right one with --endpoint-url.",
          e);
    }
  }
}
