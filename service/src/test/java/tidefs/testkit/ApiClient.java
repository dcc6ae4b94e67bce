package tidefs.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the API as an SDK does, but with a signature that means nothing. */
public final class ApiClient {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final int port;
  private String service = "elasticfilesystem";
  private String region = ControlPlane.REGION;

  public ApiClient(int port) {
    this.port = port;
  }

  /** A reply, and what is read from it. */
  public record Answer(int status, HttpResponse<byte[]> response) {
    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String error() {
      return status + " " + header("x-amzn-ErrorType");
    }

    public String message() {
      return json().path("Message").asString();
    }

    /** The text of a member of the body. */
    public String get(String member) {
      return json().path(member).asString();
    }
  }

  public ApiClient signedFor(String otherService, String otherRegion) {
    var client = new ApiClient(port);
    client.service = otherService;
    client.region = otherRegion;
    return client;
  }

  public int port() {
    return port;
  }

  public String authorization() {
    return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/"
        + region
        + "/"
        + service
        + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=abcdef";
  }

  public Answer get(String path) {
    return call("GET", path, "");
  }

  public Answer delete(String path) {
    return call("DELETE", path, "");
  }

  public Answer post(String path, String body) {
    return call("POST", path, body);
  }

  public Answer put(String path, String body) {
    return call("PUT", path, body);
  }

  public Answer call(String method, String path, String body) {
    return send(
        request(path)
            .header("Authorization", authorization())
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
