package tidefs.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the EFS and EC2 APIs whose answer may fail to come. */
final class ControlPlaneClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI endpoint;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  ControlPlaneClient(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** An answer that came. */
  record Answer(int status, String body) {
    boolean done() {
      return status / 100 == 2;
    }

    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  /** A call of the EFS API; throws {@link IOException} if the server ended before it answered. */
  Answer efs(String method, String path, String body) throws IOException {
    return send("elasticfilesystem", method, "/2015-02-01/" + path, body);
  }

  /** A call of the EC2 API. */
  Answer ec2(String form) throws IOException {
    return send("ec2", "POST", "/", "Version=2016-11-15&Action=" + form);
  }

  /** All entries of a list, page by page. */
  List<JsonNode> all(String path, String list, String next, String marker) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    String page = "";
    do {
      String query = page.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + marker + "=" + page;
      Answer answer = efs("GET", path + query, "");
      if (!answer.done()) {
        throw new AssertionError(path + ": " + answer);
      }
      answer.json().get(list).forEach(found::add);
      page = answer.json().path(next).asString("");
    } while (!page.isEmpty());
    return found;
  }

  private Answer send(String service, String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("X-Amz-Date", "20260101T000000Z")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"
                    + service
                    + "/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64))
            .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
