package tidefs.server.copies;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tidefs.api.efs.ReplicationService;
import tidefs.base.Clock;
import tidefs.control.ApiRefusal;
import tidefs.control.ErrorCode;
import tidefs.control.ReplicationPeers;
import tidefs.iam.RequestSigner;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Other servers, asked with signed requests. */
public final class RemoteRegions implements ReplicationPeers, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, ErrorCode> CODES =
      Map.of(
          "FileSystemNotFound", ErrorCode.FILE_SYSTEM_NOT_FOUND,
          "IncorrectFileSystemLifeCycleState", ErrorCode.INCORRECT_FILE_SYSTEM_LIFE_CYCLE_STATE,
          "FileSystemLimitExceeded", ErrorCode.FILE_SYSTEM_LIMIT_EXCEEDED,
          "UnsupportedAvailabilityZone", ErrorCode.UNSUPPORTED_AVAILABILITY_ZONE,
          "ThroughputLimitExceeded", ErrorCode.THROUGHPUT_LIMIT_EXCEEDED,
          "ConflictException", ErrorCode.CONFLICT,
          "ReplicationNotFound", ErrorCode.REPLICATION_NOT_FOUND,
          "BadRequest", ErrorCode.BAD_REQUEST);

  private final Map<String, Endpoint> endpoints = new TreeMap<>();
  private final Clock clock;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** A destination cannot be written yet, for it is being made. */
  static final class NotYet extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** The Regions of these endpoints. */
  public RemoteRegions(List<Endpoint> endpoints, Clock clock) {
    endpoints.forEach(each -> this.endpoints.put(each.region(), each));
    this.clock = clock;
  }

  @Override
  public boolean knows(String region) {
    return endpoints.containsKey(region);
  }

  @Override
  public String accept(String region, Request request) throws ApiRefusal {
    ObjectNode in = JSON.createObjectNode();
    in.put("SourceRegion", request.sourceRegion());
    in.put("SourceEncrypted", request.sourceEncrypted());
    in.put("PerformanceMode", request.performanceMode().wireName());
    in.put("ThroughputMode", request.throughput().mode().wireName());
    request
        .throughput()
        .provisionedMibps()
        .ifPresent(mibps -> in.put("ProvisionedThroughputInMibps", mibps));
    request.wanted().zoneName().ifPresent(zone -> in.put("AvailabilityZoneName", zone));
    request.wanted().kmsKey().ifPresent(key -> in.put("KmsKeyId", key));
    request.wanted().fileSystemId().ifPresent(id -> in.put("FileSystemId", id));
    request.wanted().roleArn().ifPresent(role -> in.put("RoleArn", role));
    byte[] body = in.toString().getBytes(StandardCharsets.UTF_8);
    return json(asked(region, "accept", request.sourceId(), body))
        .path("FileSystemId")
        .asStringOpt()
        .orElseThrow(() -> refusal(region, "", "the answer names no file system"));
  }

  @Override
  public void release(String region, String sourceId) throws ApiRefusal {
    try {
      var _ = asked(region, "release", sourceId, new byte[0]);
    } catch (ApiRefusal e) {
      if (e.code() != ErrorCode.REPLICATION_NOT_FOUND
          && e.code() != ErrorCode.FILE_SYSTEM_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Hands messages of a round to the Region; empty if nothing there follows the source. */
  Optional<byte[]> write(String region, String sourceId, byte[] messages) throws IOException {
    HttpResponse<byte[]> answer = send(region, "write", sourceId, messages);
    if (answer.statusCode() == 200) {
      return Optional.of(answer.body());
    }
    if (answer.statusCode() == 404 && code(answer).equals("ReplicationNotFound")) {
      return Optional.empty();
    }
    if (answer.statusCode() == 409 && code(answer).equals(ReplicationService.NOT_YET)) {
      throw new NotYet();
    }
    throw new IOException(
        "the Region "
            + region
            + " answered "
            + answer.statusCode()
            + ": "
            + new String(answer.body(), StandardCharsets.UTF_8));
  }

  private byte[] asked(String region, String operation, String sourceId, byte[] body)
      throws ApiRefusal {
    HttpResponse<byte[]> answer;
    try {
      answer = send(region, operation, sourceId, body);
    } catch (IOException e) {
      throw refusal(region, "", e.toString());
    }
    if (answer.statusCode() / 100 != 2) {
      throw refusal(region, code(answer), json(answer.body()).path("Message").asString(""));
    }
    return answer.body();
  }

  private static String code(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("x-amzn-ErrorType").orElse("");
  }

  private static ApiRefusal refusal(String region, String code, String message) {
    ErrorCode known = CODES.get(code);
    return known != null
        ? new ApiRefusal(known, message)
        : new ApiRefusal(
            ErrorCode.VALIDATION, "The Region '" + region + "' cannot do it: " + message);
  }

  private static JsonNode json(byte[] body) {
    try {
      return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    } catch (JacksonException e) {
      return JSON.createObjectNode();
    }
  }

  private HttpResponse<byte[]> send(String region, String operation, String sourceId, byte[] body)
      throws IOException {
    Endpoint endpoint = endpoints.get(region);
    if (endpoint == null) {
      throw new IOException("no endpoint is configured for the Region " + region);
    }
    String path = ReplicationService.PATH + operation + "/" + sourceId;
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/octet-stream");
    headers.put("host", endpoint.url().getAuthority());
    headers.put("x-amz-date", TIME.format(clock.now()));
    RequestSigner signer =
        new RequestSigner(
            endpoint.accessKeyId(), endpoint.secretAccessKey(), region, ReplicationService.NAME);
    String authorization = signer.authorization("POST", path, headers, body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url().resolve(path))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.remove("host"); // The client sends it by itself.
    headers.forEach(request::header);
    request.header("authorization", authorization);
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server is stopping");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
