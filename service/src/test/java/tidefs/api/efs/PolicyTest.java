package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** File system policies through the HTTP port. */
class PolicyTest {
  private static final String V = "/2015-02-01/file-systems/";

  private final ControlPlane plane = new ControlPlane();
  private ApiClient api = plane.client();
  private String id = "";

  @BeforeEach
  void makeFileSystem() {
    id = api.post("/2015-02-01/file-systems", "{\"CreationToken\":\"t\"}").get("FileSystemId");
    plane.settle();
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private Answer put(String policy, String more) {
    String escaped = policy.replace("\"", "\\\"");
    return api.put(V + id + "/policy", "{\"Policy\":\"" + escaped + "\"" + more + "}");
  }

  private static String statement(String effect, String principal, String action) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\""
        + effect
        + "\",\"Principal\":"
        + principal
        + ",\"Action\":\""
        + action
        + "\",\"Resource\":\"*\"}]}";
  }

  @Test
  void aPolicyIsPutReadAndDeleted() {
    assertThat(api.get(V + id + "/policy").error()).isEqualTo("404 PolicyNotFound");
    String policy = statement("Allow", "{\"AWS\":\"*\"}", "elasticfilesystem:ClientMount");
    Answer put = put(policy, "");
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    Answer read = api.get(V + id + "/policy");
    assertThat(read.get("Policy")).isEqualTo(put.get("Policy")).contains("elasticfilesystem:");
    assertThat(read.get("FileSystemId")).isEqualTo(id);
    assertThat(api.delete(V + id + "/policy").status()).isEqualTo(200);
    assertThat(api.get(V + id + "/policy").error()).isEqualTo("404 PolicyNotFound");
  }

  @Test
  void aPolicyIsKeptWithIdSidAndResource() {
    String bare =
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\"},"
            + "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Sid\":\"mine\","
            + "\"Resource\":\"*\"}]}";
    String kept = put(bare, "").get("Policy");
    assertThat(kept)
        .matches(
            "\\{\"Version\":\"2008-10-17\",\"Id\":\"efs-policy-[0-9a-f-]{36}\",\"Statement\":"
                + "\\[\\{\"Sid\":\"efs-statement-[0-9a-f-]{36}\",.*\"Resource\":\"arn:aws:"
                + "elasticfilesystem:us-east-1:123456789012:file-system/"
                + id
                + "\"},\\{\"Sid\":\"mine\",.*\"Resource\":\"\\*\"}]}");
    assertThat(put(kept, "").get("Policy")).isEqualTo(kept);
  }

  @Test
  void whatIsNoPolicyForThisFileSystemIsRefused() {
    String action = "elasticfilesystem:ClientMount";
    for (String policy :
        List.of(
            "{",
            "[]",
            "{}",
            "{\"Statement\":[]}",
            "{\"Statement\":[1]}",
            statement("Allow", "\"*\"", action).replace("2012", "2013"),
            statement("Permit", "\"*\"", action),
            statement("Allow", "\"me\"", action),
            statement("Allow", "{\"AWS\":\"me\"}", action),
            statement("Allow", "{\"AWS\":[]}", action),
            statement("Allow", "{\"Cat\":\"*\"}", action),
            statement("Allow", "\"*\"", "s3:GetObject"),
            statement("Allow", "\"*\"", action).replace("Resource", "Ressource"),
            statement("Allow", "\"*\"", action)
                .replace(
                    "\"Resource\":\"*\"",
                    "\"Resource\":\"arn:aws:elasticfilesystem:us-east-1:1:file-system/fs-1\""))) {
      assertThat(put(policy, "").error()).as(policy).isEqualTo("400 InvalidPolicyException");
    }
    assertThat(put(statement("Allow", "{\"AWS\":\"me\"}", action), "").message())
        .contains("Policy contains invalid Principal block");
    assertThat(put("", "").error()).isEqualTo("400 ValidationException");
  }

  @Test
  void aPolicyThatLocksItsAuthorOutNeedsTheBypass() {
    String deny = statement("Deny", "\"*\"", "elasticfilesystem:Put*");
    assertThat(put(deny, "").error()).isEqualTo("400 InvalidPolicyException");
    assertThat(put(deny, ",\"BypassPolicyLockoutSafetyCheck\":true").status()).isEqualTo(200);
    String other = statement("Deny", "{\"AWS\":\"210987654321\"}", "elasticfilesystem:*");
    assertThat(put(other, "").status()).isEqualTo(200);
    String notAction =
        statement("Deny", "\"*\"", "elasticfilesystem:*").replace("Action", "NotAction");
    assertThat(put(notAction, "").status()).isEqualTo(200);
  }

  @Test
  void policiesNeedTheirFileSystemAvailable() {
    String policy =
        statement("Allow", "\"*\"", "elasticfilesystem:ClientMount").replace("\"", "\\\"");
    String body = "{\"Policy\":\"" + policy + "\"}";
    assertThat(api.put(V + "fs-12345678/policy", body).error()).isEqualTo("404 FileSystemNotFound");
    assertThat(api.get(V + "fs-12345678/policy").error()).isEqualTo("404 FileSystemNotFound");
    assertThat(api.delete(V + "fs-12345678/policy").error()).isEqualTo("404 FileSystemNotFound");
    api.put(V + id, "{\"ThroughputMode\":\"elastic\"}");
    assertThat(api.put(V + id + "/policy", body).error())
        .isEqualTo("409 IncorrectFileSystemLifeCycleState");
    assertThat(api.delete(V + id + "/policy").error())
        .isEqualTo("409 IncorrectFileSystemLifeCycleState");
  }
}
