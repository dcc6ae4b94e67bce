package tidefs.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tidefs.iam.RequestAuthenticator;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** What every request passes before an operation sees it. */
class GateTest {
  private static final String PATH = "/2015-02-01/file-systems";
  private static final ControlPlane PLANE = new ControlPlane();

  private final ApiClient api = PLANE.client();

  @AfterAll
  static void close() {
    PLANE.close();
  }

  @Test
  void anUnsignedRequestMissesItsToken() {
    Answer json = api.send(api.request(PATH));
    assertThat(json.error()).isEqualTo("403 MissingAuthenticationTokenException");
    assertThat(json.message()).isEqualTo("Missing Authentication Token");
    assertThat(json.header("x-amzn-RequestId")).matches("[0-9a-f]{8}-[0-9a-f-]{27}");
    Answer xml = api.send(api.request("/?Action=DescribeVpcs"));
    assertThat(xml.status()).isEqualTo(403);
    assertThat(xml.text()).contains("<Code>MissingAuthenticationToken</Code>");
  }

  @Test
  void aSignatureThatIsNotWholeIsIncomplete() {
    for (String broken :
        List.of(
            "Basic dXNlcjpwYXNz",
            "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=1",
            "AWS4-HMAC-SHA256 Credential=a/20261122/us-east-1/elasticfilesystem/aws4_request",
            "AWS4-HMAC-SHA256 Credential=/20261122/us-east-1/elasticfilesystem/aws4_request,"
                + " SignedHeaders=host, Signature=1")) {
      Answer refused = api.send(api.request(PATH).header("Authorization", broken));
      assertThat(refused.error()).as(broken).isEqualTo("403 IncompleteSignatureException");
    }
  }

  @Test
  void aPresignedRequestIsReadFromItsQuery() {
    String query =
        "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261122%2Fus-east-1"
            + "%2Felasticfilesystem%2Faws4_request&X-Amz-Date=20261122T080000Z&X-Amz-Expires=60"
            + "&X-Amz-SignedHeaders=host&X-Amz-Signature=abc";
    assertThat(api.send(api.request(PATH + query)).status()).isEqualTo(200);
    String cut = query.replace("&X-Amz-Expires=60", "");
    assertThat(api.send(api.request(PATH + cut)).error())
        .isEqualTo("403 IncompleteSignatureException");
  }

  @Test
  void theScopeNamesOurRegionAndOneOfOurServices() {
    Answer region = api.signedFor("elasticfilesystem", "eu-west-1").get(PATH);
    assertThat(region.error()).isEqualTo("403 InvalidSignatureException");
    assertThat(region.message())
        .isEqualTo(
            "Credential should be scoped to a valid region, not 'eu-west-1'. This server serves"
                + " the region 'us-east-1'.");
    Answer service = api.signedFor("s3", "us-east-1").get(PATH);
    assertThat(service.error()).isEqualTo("403 InvalidSignatureException");
    assertThat(service.message()).contains("'elasticfilesystem'");
    Answer ec2 = api.signedFor("ec2", "eu-west-1").get("/?Action=DescribeVpcs");
    assertThat(ec2.text()).contains("<Code>SignatureDoesNotMatch</Code>");
  }

  @Test
  void aClosedServerSaysWhatToDo() {
    try (ControlPlane closed = new ControlPlane()) {
      closed.authenticateWith(RequestAuthenticator.closed("Start it with --insecure-api."));
      Answer refused = closed.client().get(PATH);
      assertThat(refused.error()).isEqualTo("403 AccessDeniedException");
      assertThat(refused.message()).isEqualTo("Start it with --insecure-api.");
    }
  }

  @Test
  void whatAWebPageMakesABrowserSendIsRefused() throws IOException {
    Answer page =
        api.send(
            api.request(PATH)
                .header("Authorization", api.authorization())
                .header("Origin", "https://evil.example"));
    assertThat(page.error()).isEqualTo("403 AccessDeniedException");
    for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil:80")) {
      assertThat(withHost(host)).as(host).startsWith("HTTP/1.1 403 ");
    }
    for (String host : List.of("localhost:8049", "127.0.0.1", "efs.localhost", "[::1]:8049")) {
      assertThat(withHost(host)).as(host).startsWith("HTTP/1.1 200 ");
    }
  }

  private String withHost(String host) throws IOException {
    return raw(
        "GET "
            + PATH
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: close\r\nAuthorization: "
            + api.authorization()
            + "\r\n\r\n");
  }

  @Test
  void unknownPathsAndMethodsAreRefused() {
    assertThat(api.get("/2015-02-01/nothing").error()).isEqualTo("404 UnknownOperationException");
    assertThat(api.get("/").error()).isEqualTo("404 UnknownOperationException");
    Answer method = api.call("PATCH", PATH, "{}");
    assertThat(method.error()).isEqualTo("405 MethodNotAllowedException");
    assertThat(method.header("Allow")).isEqualTo("GET, POST");
  }

  @Test
  void aBodyOverTheLimitIsTooLarge() {
    Answer declared = api.post(PATH, " ".repeat(Limits.BODY_BYTES + 1));
    assertThat(declared.error()).isEqualTo("413 RequestEntityTooLargeException");
    byte[] endless = new byte[Limits.BODY_BYTES + 1];
    Answer chunked =
        api.send(
            api.request(PATH)
                .header("Authorization", api.authorization())
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(endless))));
    assertThat(chunked.error()).isEqualTo("413 RequestEntityTooLargeException");
    assertThat(api.post(PATH, " ".repeat(1_000)).error()).isEqualTo("400 SerializationException");
  }

  @Test
  void whatIsNotHttpIsAnsweredAndTheConnectionClosed() throws IOException {
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400 ").doesNotContain("Jetty");
    assertThat(raw("GET " + PATH + " HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(40_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(
            raw(
                "GET "
                    + PATH
                    + "?MaxItems=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: "
                    + api.authorization()
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("SerializationException");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", api.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
