package tidefs.api.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.iam.Caller;
import tidefs.iam.RequestSigner;
import tidefs.iam.SignatureVerifier;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.IdentityStore;
import tidefs.iam.identity.Seal;
import tidefs.iam.policy.Decision;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** The API as users with keys and policies see it. */
class SecuredApiTest {
  private static final String FILE_SYSTEMS = "/2015-02-01/file-systems";
  private static final String READ_ONLY =
      "arn:aws:iam::aws:policy/AmazonElasticFileSystemReadOnlyAccess";
  private static final String FULL = "arn:aws:iam::aws:policy/AmazonElasticFileSystemFullAccess";

  private final ControlPlane plane = new ControlPlane();
  private final Identities identities =
      new Identities(
          ControlPlane.ACCOUNT,
          new Forgetful(),
          new Seal(new byte[Seal.KEY_BYTES], Chance.system()),
          plane.clock,
          Chance.system());

  SecuredApiTest() {
    plane.secureWith(new SignatureVerifier(identities, plane.clock), identities);
  }

  private static final class Forgetful implements IdentityStore {
    @Override
    public void load(BiConsumer<String, byte[]> user) {}

    @Override
    public void put(String name, byte[] user) {}

    @Override
    public void remove(String name) {}
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private Identities.NewKey user(String name, String... policies) throws IdentityRefusal {
    identities.createUser(name);
    for (String policy : policies) {
      identities.attach(name, policy);
    }
    return identities.createKey(name);
  }

  private Answer call(Identities.NewKey key, String method, String path, String body) {
    ApiClient client = plane.client();
    var headers = new TreeMap<String, String>();
    headers.put("host", "127.0.0.1:" + client.port());
    headers.put("x-amz-date", "20261122T080000Z");
    String authorization =
        new RequestSigner(key.key().id(), key.secret(), "us-east-1", "elasticfilesystem")
            .authorization(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
    return client.send(
        client
            .request(path)
            .header("x-amz-date", "20261122T080000Z")
            .header("Authorization", authorization)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String policy(String effect, String principal, String action) {
    return "{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\","
        + "\\\"Statement\\\":[{\\\"Effect\\\":\\\""
        + effect
        + "\\\",\\\"Principal\\\":{\\\"AWS\\\":\\\""
        + principal
        + "\\\"},\\\"Action\\\":\\\""
        + action
        + "\\\"}]}\"}";
  }

  @Test
  void usersMayCallWhatTheirPoliciesAllow() throws IdentityRefusal {
    Identities.NewKey reader = user("reader", READ_ONLY);
    assertThat(call(reader, "GET", FILE_SYSTEMS, "").status()).isEqualTo(200);
    Answer refused = call(reader, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"a\"}");
    assertThat(refused.error()).isEqualTo("403 AccessDeniedException");
    assertThat(refused.message())
        .isEqualTo(
            "User: arn:aws:iam::123456789012:user/reader is not authorized to perform:"
                + " elasticfilesystem:CreateFileSystem on the specified resource");
    identities.attach("reader", FULL);
    assertThat(call(reader, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"a\"}").status())
        .isEqualTo(201);
  }

  @Test
  void resourcesOfIdentityPoliciesAreThoseOfTheCall() throws IdentityRefusal {
    Identities.NewKey admin = user("admin", FULL);
    String first =
        call(admin, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"1\"}").get("FileSystemId");
    String second =
        call(admin, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"2\"}").get("FileSystemId");
    plane.settle();
    Identities.NewKey one = user("one");
    identities.putPolicy(
        "one",
        "one",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"elasticfilesystem:*\",\"Resource\":"
            + "\"arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/"
            + first
            + "\"}}");
    String accessPoint = "{\"ClientToken\":\"t\",\"FileSystemId\":\"%s\"}";
    String path = "/2015-02-01/access-points";
    assertThat(call(one, "POST", path, accessPoint.formatted(second)).error())
        .isEqualTo("403 AccessDeniedException");
    assertThat(call(one, "POST", path, accessPoint.formatted(first)).status()).isEqualTo(200);
    String tags = "/2015-02-01/resource-tags/";
    assertThat(call(one, "GET", tags + first, "").status()).isEqualTo(200);
    assertThat(call(one, "GET", tags + second, "").error()).isEqualTo("403 AccessDeniedException");
    String arn = "arn%3Aaws%3Aelasticfilesystem%3Aus-east-1%3A123456789012%3Afile-system%2F";
    assertThat(call(one, "GET", tags + arn + first, "").status()).isEqualTo(200);
    assertThat(call(one, "GET", tags + arn + second, "").error())
        .isEqualTo("403 AccessDeniedException");
  }

  @Test
  void theFileSystemsOwnPolicyCountsToo() throws IdentityRefusal {
    Identities.NewKey admin = user("admin", FULL);
    Identities.NewKey bob = user("bob");
    String id = call(admin, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"2\"}").get("FileSystemId");
    plane.settle();
    String lifecycle = FILE_SYSTEMS + "/" + id + "/lifecycle-configuration";
    assertThat(call(bob, "GET", lifecycle, "").error()).isEqualTo("403 AccessDeniedException");
    String bobs = policy("Allow", identities.arn("bob"), "elasticfilesystem:Describe*");
    assertThat(call(admin, "PUT", FILE_SYSTEMS + "/" + id + "/policy", bobs).status())
        .isEqualTo(200);
    assertThat(call(bob, "GET", lifecycle, "").status()).isEqualTo(200);
    String none = policy("Deny", "*", "elasticfilesystem:DescribeLifecycleConfiguration");
    assertThat(call(admin, "PUT", FILE_SYSTEMS + "/" + id + "/policy", none).status())
        .isEqualTo(200);
    Answer denied = call(admin, "GET", lifecycle, "");
    assertThat(denied.error()).isEqualTo("403 AccessDeniedException");
    assertThat(denied.message()).endsWith("with an explicit deny");
    String lockout = policy("Deny", "*", "elasticfilesystem:*");
    assertThat(call(admin, "PUT", FILE_SYSTEMS + "/" + id + "/policy", lockout).error())
        .isEqualTo("400 InvalidPolicyException");
  }

  @Test
  void aDeletedKeyIsUnknownAtOnce() throws IdentityRefusal {
    Identities.NewKey key = user("reader", READ_ONLY);
    assertThat(call(key, "GET", FILE_SYSTEMS, "").status()).isEqualTo(200);
    identities.deleteKey("reader", key.key().id());
    Answer refused = call(key, "GET", FILE_SYSTEMS, "");
    assertThat(refused.error()).isEqualTo("403 UnrecognizedClientException");
    assertThat(refused.message())
        .isEqualTo("The security token included in the request is invalid.");
  }

  @Test
  void everyOperationAsksBeforeItDoesAnything() {
    List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
    plane.secureWith(
        (_, signature) ->
            new Caller(ControlPlane.ACCOUNT, "arn:aws:iam::1:user/nobody", signature.accessKeyId()),
        (request, _) -> {
          asked.add(request.action());
          return Decision.IMPLICITLY_DENIED;
        });
    ApiClient client = plane.client();
    Map<String, String> calls = new TreeMap<>();
    calls.put("POST /file-systems", "CreateFileSystem");
    calls.put("GET /file-systems", "DescribeFileSystems");
    calls.put("PUT /file-systems/fs-01234567", "UpdateFileSystem");
    calls.put("DELETE /file-systems/fs-01234567", "DeleteFileSystem");
    calls.put("POST /mount-targets", "CreateMountTarget");
    calls.put("GET /mount-targets", "DescribeMountTargets");
    calls.put("DELETE /mount-targets/fsmt-01234567", "DeleteMountTarget");
    calls.put("POST /access-points", "CreateAccessPoint");
    calls.put("GET /access-points", "DescribeAccessPoints");
    calls.put("DELETE /access-points/fsap-01234567", "DeleteAccessPoint");
    calls.put("POST /resource-tags/fs-01234567", "TagResource");
    calls.put("DELETE /resource-tags/fs-01234567", "UntagResource");
    calls.put("GET /resource-tags/fs-01234567", "ListTagsForResource");
    calls.put("GET /file-systems/fs-01234567/policy", "DescribeFileSystemPolicy");
    calls.put("PUT /file-systems/fs-01234567/policy", "PutFileSystemPolicy");
    calls.put("DELETE /file-systems/fs-01234567/policy", "DeleteFileSystemPolicy");
    calls.put("PUT /file-systems/fs-01234567/backup-policy", "PutBackupPolicy");
    calls.put("PUT /file-systems/fs-01234567/protection", "UpdateFileSystemProtection");
    calls.forEach((call, operation) -> {
      String[] parts = call.split(" ", 2);
      Answer refused = client.call(parts[0], "/2015-02-01" + parts[1], "");
      assertThat(refused.error()).as(call).isEqualTo("403 AccessDeniedException");
      assertThat(asked.getLast()).isEqualTo("elasticfilesystem:" + operation);
    });
    assertThat(client.signedFor("ec2", "us-east-1").get("/?Action=DescribeVpcs").text())
        .contains("<Code>UnauthorizedOperation</Code>");
  }

  @Test
  void temporaryCredentialsDoWhatTheirUserMay() throws IdentityRefusal {
    user("reader", READ_ONLY);
    Caller reader = new Caller(ControlPlane.ACCOUNT, identities.arn("reader"), "AKIA");
    var session = identities.issueSession(reader, java.time.Duration.ofMinutes(20));
    assertThat(identities.find(session.accessKeyId(), Optional.empty())).isEmpty();
    assertThat(identities.find(session.accessKeyId(), session.session().map(it -> it.token())))
        .hasValueSatisfying(it -> assertThat(it.caller().arn()).isEqualTo(reader.arn()));
  }

  @Test
  void whoeverCreatesWithTagsMustBeAllowedToTag() throws IdentityRefusal {
    Identities.NewKey maker = user("maker");
    String tagged = "{\"CreationToken\":\"t\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"}]}";
    identities.putPolicy(
        "maker", "make", statement("Allow", "elasticfilesystem:CreateFileSystem", ""));
    assertThat(call(maker, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"b\"}").status())
        .isEqualTo(201);
    Answer refused = call(maker, "POST", FILE_SYSTEMS, tagged);
    assertThat(refused.error()).isEqualTo("403 AccessDeniedException");
    assertThat(refused.message()).contains("elasticfilesystem:TagResource");
    identities.putPolicy(
        "maker",
        "tag",
        statement(
            "Allow",
            "elasticfilesystem:TagResource",
            ",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/team\":\"a\","
                + "\"elasticfilesystem:CreateAction\":\"CreateFileSystem\"}}"));
    assertThat(call(maker, "POST", FILE_SYSTEMS, tagged.replace("\"a\"}", "\"z\"}")).status())
        .isEqualTo(403);
    assertThat(call(maker, "POST", FILE_SYSTEMS, tagged).status()).isEqualTo(201);
  }

  private static String statement(String effect, String action, String condition) {
    return "{\"Statement\":{\"Effect\":\""
        + effect
        + "\",\"Action\":\""
        + action
        + "\",\"Resource\":\"*\""
        + condition
        + "}}";
  }

  @Test
  void policiesMayAskForTheTagsOfWhatExists() throws IdentityRefusal {
    Identities.NewKey admin = user("all", FULL);
    String tagged = "{\"CreationToken\":\"t\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"}]}";
    String mine = call(admin, "POST", FILE_SYSTEMS, tagged).json().get("FileSystemId").asString();
    String other =
        call(admin, "POST", FILE_SYSTEMS, "{\"CreationToken\":\"o\"}")
            .json()
            .get("FileSystemId")
            .asString();
    Identities.NewKey member = user("member");
    identities.putPolicy(
        "member",
        "team",
        statement(
            "Allow",
            "elasticfilesystem:DeleteFileSystem",
            ",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"a\"}}"));
    assertThat(call(member, "DELETE", FILE_SYSTEMS + "/" + other, "").status()).isEqualTo(403);
    assertThat(call(member, "DELETE", FILE_SYSTEMS + "/" + mine, "").status()).isEqualTo(204);
  }
}
