package tidefs.api.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** KMS through the HTTP port. */
class KmsTest {
  private final ControlPlane plane = new ControlPlane();

  @AfterEach
  void close() {
    plane.close();
  }

  private Answer call(String action, String body) {
    ApiClient kms = plane.client().signedFor("kms", ControlPlane.REGION);
    return kms.send(
        kms.request("/")
            .header("Authorization", kms.authorization())
            .header("X-Amz-Target", "TrentService." + action)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String error(Answer answer) {
    return answer.status() + " " + answer.get("__type");
  }

  @Test
  void aKeyIsMadeNamedAndUsedByAFileSystem() {
    var key = call("CreateKey", "{\"Description\":\"d\"}").json().get("KeyMetadata");
    String id = key.get("KeyId").asString();
    String arn = key.get("Arn").asString();
    assertThat(arn).isEqualTo("arn:aws:kms:us-east-1:123456789012:key/" + id);
    String alias = "{\"AliasName\":\"alias/mine\",\"TargetKeyId\":\"" + id + "\"}";
    assertThat(call("CreateAlias", alias).status()).isEqualTo(200);
    assertThat(error(call("CreateAlias", alias))).isEqualTo("400 AlreadyExistsException");
    plane.restart();
    assertThat(call("DescribeKey", "{\"KeyId\":\"alias/mine\"}").text()).contains(arn);
    assertThat(call("ListKeys", "{}").text()).contains(arn);
    assertThat(call("ListAliases", "{}").text()).contains("alias/mine").contains(id);
    String encrypted = ",\"Encrypted\":true,\"KmsKeyId\":\"alias/mine\"}";
    assertThat(
            plane
                .client()
                .post("/2015-02-01/file-systems", "{\"CreationToken\":\"t\"" + encrypted)
                .get("KmsKeyId"))
        .isEqualTo(arn);
    assertThat(call("ScheduleKeyDeletion", "{\"KeyId\":\"" + id + "\"}").get("KeyState"))
        .isEqualTo("PendingDeletion");
    assertThat(
            plane
                .client()
                .post("/2015-02-01/file-systems", "{\"CreationToken\":\"u\"" + encrypted)
                .error())
        .isEqualTo("400 BadRequest");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(error(call("DescribeKey", "{\"KeyId\":\"x\"}"))).isEqualTo("400 NotFoundException");
    assertThat(error(call("DescribeKey", "{}"))).isEqualTo("400 ValidationException");
    assertThat(error(call("DescribeKey", "{"))).isEqualTo("400 SerializationException");
    assertThat(error(call("Dance", "{}"))).isEqualTo("400 UnknownOperationException");
    assertThat(error(call("CreateKey", "{\"KeySpec\":\"RSA_2048\"}")))
        .isEqualTo("400 UnsupportedOperationException");
    assertThat(error(call("ScheduleKeyDeletion", "{\"KeyId\":\"x\",\"PendingWindowInDays\":3}")))
        .isEqualTo("400 ValidationException");
  }
}
