package tidefs.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import tidefs.iam.AuthenticationRefusal.Reason;
import tidefs.testkit.ManualClock;

/** What the AWS SDK for Java signs is believed, and nothing else. */
class SignatureVerifierTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Caller CALLER =
      new Caller("123456789012", "arn:aws:iam::123456789012:user/alice", "AKIDEXAMPLE");
  private static final AwsCredentialsIdentity ALICE =
      AwsCredentialsIdentity.create("AKIDEXAMPLE", SECRET);

  private final ManualClock clock = new ManualClock();
  private final SignatureVerifier verifier =
      new SignatureVerifier(
          (id, token) ->
              id.equals("AKIDEXAMPLE")
                  ? Optional.of(
                      new Credential(
                          id,
                          SECRET,
                          CALLER,
                          token.map(_ ->
                              new Credential.Session("the/token==", clock.now().plusSeconds(60)))))
                  : Optional.empty(),
          clock);

  /** A request as a server sees it. */
  private record Received(
      String method,
      String rawPath,
      Map<String, List<String>> headers,
      Map<String, List<String>> parameters,
      byte[] body)
      implements SignedParts {
    @Override
    public Optional<String> header(String name) {
      return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    @Override
    public Optional<String> parameter(String name) {
      return parameters.getOrDefault(name, List.of()).stream().findFirst();
    }

    Received with(String header, String value) {
      Map<String, List<String>> more = new HashMap<>(headers);
      more.put(header, List.of(value));
      return new Received(method, rawPath, more, parameters, body);
    }

    Received withBody(String text) {
      return new Received(
          method, rawPath, headers, parameters, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Received signed(
      SdkHttpMethod method,
      String path,
      Map<String, List<String>> query,
      String body,
      AwsCredentialsIdentity identity,
      Consumer<SignRequest.Builder<AwsCredentialsIdentity>> more) {
    return signed(method, path, query, body, identity, more, Map.of());
  }

  private Received signed(
      SdkHttpMethod method,
      String path,
      Map<String, List<String>> query,
      String body,
      AwsCredentialsIdentity identity,
      Consumer<SignRequest.Builder<AwsCredentialsIdentity>> more,
      Map<String, List<String>> headersToSign) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(method)
            .uri(URI.create("http://127.0.0.1:8049"))
            .encodedPath(path)
            .rawQueryParameters(query)
            .putHeader("Content-Type", "application/json")
            .putHeader("X-Spaces", "  a   b  ");
    headersToSign.forEach(unsigned::putHeader);
    SdkHttpRequest request = unsigned.build();
    var signer = AwsV4HttpSigner.create();
    SdkHttpRequest done =
        signer
            .sign(builder -> {
              builder
                  .identity(identity)
                  .request(request)
                  .payload(ContentStreamProvider.fromByteArray(bytes))
                  .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "elasticfilesystem")
                  .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                  .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(clock.now(), ZoneOffset.UTC));
              more.accept(builder);
            })
            .request();
    Map<String, List<String>> headers = new HashMap<>();
    done.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    headers.put("host", List.of("127.0.0.1:8049"));
    return new Received(
        method.name(), done.encodedPath(), headers, done.rawQueryParameters(), bytes);
  }

  private Received signed(SdkHttpMethod method, String path, String body) {
    return signed(method, path, Map.of(), body, ALICE, _ -> {});
  }

  private Caller verify(Received request) throws AuthenticationRefusal {
    return verifier.authenticate(request, SignatureParser.parse(request));
  }

  private void assertRefused(Received request, Reason reason, String message) {
    assertThatExceptionOfType(AuthenticationRefusal.class)
        .isThrownBy(() -> verify(request))
        .satisfies(refusal -> {
          assertThat(refusal.reason()).isEqualTo(reason);
          assertThat(refusal.message()).startsWith(message);
        });
  }

  @Test
  void whatTheSdkSignsIsBelieved() throws AuthenticationRefusal {
    for (String path :
        List.of(
            "/",
            "/2015-02-01/file-systems",
            "/2015-02-01/tags/fs-0123/",
            "/2015-02-01/resource-tags/arn%3Aaws%3Aelasticfilesystem%3Aus-east-1%3A1%3Afile-system"
                + "%2Ffs-01",
            "/2015-02-01/file-systems/a%20b~c_d-e.f")) {
      assertThat(verify(signed(SdkHttpMethod.POST, path, "{\"A\":1}"))).isEqualTo(CALLER);
    }
  }

  @Test
  void queriesAreSignedSortedAndEncoded() throws AuthenticationRefusal {
    Map<String, List<String>> query =
        Map.of(
            "tagKeys", List.of("b", "a", "ä +/=&%"),
            "Marker", List.of(""),
            "MaxItems", List.of("10"));
    Received request =
        signed(SdkHttpMethod.DELETE, "/2015-02-01/resource-tags/x", query, "", ALICE, _ -> {});
    assertThat(verify(request)).isEqualTo(CALLER);
    var changed = new HashMap<>(request.parameters());
    changed.put("MaxItems", List.of("11"));
    assertRefused(
        new Received(
            request.method(), request.rawPath(), request.headers(), changed, request.body()),
        Reason.INVALID,
        "The request signature we calculated does not match");
  }

  @Test
  void presignedUrlsAreBelievedForAsLongAsTheySay() throws AuthenticationRefusal {
    Received request =
        signed(
            SdkHttpMethod.GET,
            "/2015-02-01/file-systems",
            Map.of("MaxItems", List.of("3")),
            "",
            ALICE,
            builder ->
                builder
                    .putProperty(
                        AwsV4FamilyHttpSigner.AUTH_LOCATION,
                        AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                    .putProperty(
                        AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(20)));
    assertThat(SignatureParser.parse(request).form()).isEqualTo(Signature.Form.PRESIGNED);
    assertThat(verify(request)).isEqualTo(CALLER);
    clock.advance(Duration.ofMinutes(20));
    assertThat(verify(request)).isEqualTo(CALLER);
    clock.advance(Duration.ofSeconds(1));
    assertRefused(request, Reason.INVALID, "Signature expired: 20261122T080000Z");
  }

  @Test
  void theClocksMayDifferByFiveMinutes() throws AuthenticationRefusal {
    Received request = signed(SdkHttpMethod.GET, "/2015-02-01/file-systems", "");
    clock.advance(Duration.ofMinutes(5));
    assertThat(verify(request)).isEqualTo(CALLER);
    clock.advance(Duration.ofSeconds(1));
    assertRefused(
        request,
        Reason.INVALID,
        "Signature expired: 20261122T080000Z is now earlier than 20261122T080001Z"
            + " (20261122T080501Z - 5 min.)");
    clock.advance(Duration.ofMinutes(-10).minusSeconds(2));
    assertRefused(request, Reason.INVALID, "Signature not yet current: 20261122T080000Z");
  }

  @Test
  void sessionTokensBelongToTheirKeyAndExpire() throws AuthenticationRefusal {
    var session = AwsSessionCredentialsIdentity.create("AKIDEXAMPLE", SECRET, "the/token==");
    Received request = signed(SdkHttpMethod.GET, "/x", Map.of(), "", session, _ -> {});
    assertThat(verify(request)).isEqualTo(CALLER);
    assertRefused(
        request.with("x-amz-security-token", "another"),
        Reason.UNKNOWN_KEY,
        "The security token included in the request is invalid");
    Instant before = clock.now();
    var brief =
        new SignatureVerifier(
            (id, _) ->
                Optional.of(
                    new Credential(
                        id,
                        SECRET,
                        CALLER,
                        Optional.of(new Credential.Session("the/token==", before)))),
            clock);
    assertThatExceptionOfType(AuthenticationRefusal.class)
        .isThrownBy(() -> brief.authenticate(request, SignatureParser.parse(request)))
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.EXPIRED_TOKEN));
  }

  @Test
  void everySignedPartCounts() {
    Received request = signed(SdkHttpMethod.PUT, "/2015-02-01/file-systems/fs-1", "{\"A\":1}");
    String mismatch = "The request signature we calculated does not match";
    assertRefused(request.with("host", "elsewhere:1"), Reason.INVALID, mismatch);
    assertRefused(request.with("content-type", "text/plain"), Reason.INVALID, mismatch);
    assertRefused(request.with("x-spaces", "a b c"), Reason.INVALID, mismatch);
    assertRefused(
        new Received("POST", request.rawPath(), request.headers(), Map.of(), request.body()),
        Reason.INVALID,
        mismatch);
    assertRefused(
        new Received(
            "PUT", "/2015-02-01/file-systems/fs-2", request.headers(), Map.of(), request.body()),
        Reason.INVALID,
        mismatch);
    assertRefused(
        request.withBody("{\"A\":2}"),
        Reason.INVALID,
        "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }

  @Test
  void aHashForABodyThatWasNotSentIsBelievedOnGetAlone() throws AuthenticationRefusal {
    String path = "/2015-02-01/account-preferences";
    assertThat(verify(signed(SdkHttpMethod.GET, path, "{}").withBody(""))).isEqualTo(CALLER);
    assertRefused(
        signed(SdkHttpMethod.GET, path, "{}").withBody("[]"), Reason.INVALID, "The provided");
    assertRefused(
        signed(SdkHttpMethod.PUT, path, "{}").withBody(""), Reason.INVALID, "The provided");
  }

  @Test
  void theLengthOfABodyThatWasNotSentIsBelievedOnGetAlone() throws AuthenticationRefusal {
    String path = "/2015-02-01/account-preferences";
    Map<String, List<String>> length = Map.of("Content-Length", List.of("2"));
    for (SdkHttpMethod method : List.of(SdkHttpMethod.GET, SdkHttpMethod.PUT)) {
      Received whole = signed(method, path, Map.of(), "{}", ALICE, _ -> {}, length);
      assertThat(verify(whole)).isEqualTo(CALLER);
      Map<String, List<String>> headers = new HashMap<>(whole.headers());
      headers.remove("content-length");
      Received bare = new Received(whole.method(), path, headers, whole.parameters(), new byte[0]);
      if (method == SdkHttpMethod.GET) {
        assertThat(verify(bare)).isEqualTo(CALLER);
        assertRefused(
            new Received("GET", path + "x", headers, whole.parameters(), new byte[0]),
            Reason.INVALID,
            "The request signature we calculated does not match");
      } else {
        assertRefused(bare, Reason.INVALID, "The signed header 'content-length' was not sent.");
      }
    }
  }

  @Test
  void aBodyCountsWithoutAHeaderThatHashesIt() throws AuthenticationRefusal {
    var signer = new RequestSigner("AKIDEXAMPLE", SECRET, "us-east-1", "ec2");
    byte[] body = "Action=DescribeVpcs".getBytes(StandardCharsets.UTF_8);
    var headers = new java.util.TreeMap<String, String>();
    headers.put("host", "h");
    headers.put("x-amz-date", "20261122T080000Z");
    String authorization = signer.authorization("POST", "/", headers, body);
    Map<String, List<String>> sent = new HashMap<>();
    headers.forEach((name, value) -> sent.put(name, List.of(value)));
    sent.put("authorization", List.of(authorization));
    Received request = new Received("POST", "/", sent, Map.of(), body);
    assertThat(verify(request)).isEqualTo(CALLER);
    assertRefused(request.withBody("Action=DeleteVpc"), Reason.INVALID, "The request signature");
  }

  @Test
  void unknownKeysAreToldFromWrongOnes() {
    var stranger = AwsCredentialsIdentity.create("AKIDSTRANGER", SECRET);
    assertRefused(
        signed(SdkHttpMethod.GET, "/", Map.of(), "", stranger, _ -> {}),
        Reason.UNKNOWN_KEY,
        "The security token included in the request is invalid.");
    var guesser = AwsCredentialsIdentity.create("AKIDEXAMPLE", "wrong");
    assertRefused(
        signed(SdkHttpMethod.GET, "/", Map.of(), "", guesser, _ -> {}),
        Reason.INVALID,
        "The request signature we calculated does not match");
  }

  @Test
  void theHostAndTheDayMustBeSigned() {
    Received request = signed(SdkHttpMethod.GET, "/", "");
    String authorization = request.header("authorization").orElseThrow();
    assertRefused(
        request.with("authorization", authorization.replace("host;", "")),
        Reason.INVALID,
        "'Host' must be a 'SignedHeader'");
    assertRefused(
        request.with("authorization", authorization.replace("/20261122/", "/20261121/")),
        Reason.INVALID,
        "Date in Credential scope does not match YYYYMMDD");
    assertRefused(
        request.with("x-amz-date", "yesterday"), Reason.INCOMPLETE, "Date must be in ISO-8601");
  }
}
