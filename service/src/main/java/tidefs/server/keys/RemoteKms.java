package tidefs.server.keys;

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
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import tidefs.base.Clock;
import tidefs.iam.RequestSigner;
import tidefs.server.config.EncryptionSettings;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.KeyRefused;
import tidefs.store.crypt.KeyRefused.Reason;
import tidefs.store.crypt.KeyService;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key management service elsewhere that speaks the protocol of AWS KMS: Encrypt and Decrypt, with
 * the file system's id as encryption context. Requests are signed with Signature Version 4.
 */
public final class RemoteKms implements KeyService {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String TARGET = "TrentService.";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final URI endpoint;
  private final RequestSigner signer;
  private final Clock clock;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** The service of these settings. */
  public RemoteKms(EncryptionSettings.Kms settings, Clock clock) {
    List<String> credentials = KeySources.lines(settings.credentialsFile(), 2);
    this.endpoint = settings.endpoint();
    this.clock = clock;
    this.signer =
        new RequestSigner(
            credentials.getFirst().strip(), credentials.get(1).strip(), settings.region(), "kms");
  }

  @Override
  public byte[] wrap(String keyId, String fileSystem, DataKey dataKey) throws KeyRefused {
    ObjectNode request = request(keyId, fileSystem);
    request.put("Plaintext", Base64.getEncoder().encodeToString(dataKey.bytes()));
    return bytes(call("Encrypt", request), "CiphertextBlob");
  }

  @Override
  public DataKey unwrap(String keyId, String fileSystem, byte[] wrapped) throws KeyRefused {
    ObjectNode request = request(keyId, fileSystem);
    request.put("CiphertextBlob", Base64.getEncoder().encodeToString(wrapped));
    byte[] plain = bytes(call("Decrypt", request), "Plaintext");
    if (plain.length != DataKey.BYTES) {
      throw new KeyRefused(Reason.WRONG, "the service decrypted something that is no data key");
    }
    return DataKey.of(plain);
  }

  private static ObjectNode request(String keyId, String fileSystem) {
    ObjectNode request = MAPPER.createObjectNode();
    request.put("KeyId", keyId);
    request.putObject("EncryptionContext").put("aws:elasticfilesystem:filesystem:id", fileSystem);
    return request;
  }

  private static byte[] bytes(JsonNode answer, String member) throws KeyRefused {
    try {
      return Base64.getDecoder().decode(answer.path(member).asString(""));
    } catch (IllegalArgumentException e) {
      throw new KeyRefused(Reason.UNREACHABLE, "the service's answer makes no sense");
    }
  }

  private JsonNode call(String action, ObjectNode request) throws KeyRefused {
    byte[] body = MAPPER.writeValueAsBytes(request);
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/x-amz-json-1.1");
    headers.put("x-amz-target", TARGET + action);
    headers.put("host", endpoint.getAuthority());
    headers.put("x-amz-date", TIME.format(clock.now()));
    String authorization = signer.authorization("POST", "/", headers, body);
    headers.remove("host"); // The client sends it by itself.
    HttpRequest.Builder http =
        HttpRequest.newBuilder(endpoint.resolve("/"))
            .timeout(PATIENCE)
            .header("authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(http::header);
    HttpResponse<String> answer = send(http.build());
    JsonNode json;
    try {
      json = MAPPER.readTree(answer.body());
    } catch (JacksonException e) {
      throw unreachable("its answer is not JSON");
    }
    if (answer.statusCode() != 200) {
      throw refused(answer.statusCode(), json);
    }
    return json;
  }

  private HttpResponse<String> send(HttpRequest request) throws KeyRefused {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("interrupted");
    } catch (InterruptedIOException e) {
      throw unreachable("it took too long");
    } catch (IOException e) {
      throw unreachable(e.toString());
    }
  }

  private KeyRefused unreachable(String why) {
    return new KeyRefused(Reason.UNREACHABLE, endpoint + " does not answer: " + why);
  }

  private KeyRefused refused(int status, JsonNode answer) {
    String type = answer.path("__type").asString("");
    String code = type.substring(type.lastIndexOf('#') + 1);
    String message = answer.path("message").asString(answer.path("Message").asString(""));
    Reason reason =
        switch (code) {
          case "NotFoundException" -> Reason.ABSENT;
          case "DisabledException", "KMSInvalidStateException", "AccessDeniedException" ->
              Reason.UNUSABLE;
          case "InvalidCiphertextException", "IncorrectKeyException" -> Reason.WRONG;
          default -> Reason.UNREACHABLE;
        };
    return new KeyRefused(reason, endpoint + " answered " + status + " " + code + ": " + message);
  }
}
