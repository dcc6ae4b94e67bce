package tidefs.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tidefs.base.Clock;
import tidefs.iam.web.Issuer;
import tidefs.iam.web.Issuers;
import tidefs.iam.web.KeySource;
import tidefs.server.config.IssuerSettings;

/** The issuers of the configuration, and where their keys are read. */
final class WebKeys {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  private WebKeys() {}

  static Issuers issuers(List<IssuerSettings> settings, Clock clock) {
    return new Issuers(
        settings.stream()
            .map(it -> new Issuer(it.url(), it.audiences(), source(it), clock))
            .toList());
  }

  private static KeySource source(IssuerSettings settings) {
    if (settings.hasKeysElsewhere()) {
      URI url = URI.create(settings.keys());
      return () -> fetch(url);
    }
    Path file = Path.of(settings.keys());
    return () -> Files.readString(file);
  }

  private static String fetch(URI url) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (answer.statusCode() != 200 || bytes.length > MOST_BYTES) {
          throw new IOException(url + " answered with status " + answer.statusCode());
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + url);
    }
  }
}
