package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** Lifecycle configuration, backup policy, protection and preferences through the HTTP port. */
class SettingsTest {
  private static final String V = "/2015-02-01";

  private final ControlPlane plane = new ControlPlane();
  private ApiClient api = plane.client();
  private String path = "";

  @BeforeEach
  void makeFileSystem() {
    path = make("t", "elastic");
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private String make(String token, String mode) {
    Answer made =
        api.post(
            V + "/file-systems",
            "{\"CreationToken\":\"" + token + "\",\"ThroughputMode\":\"" + mode + "\"}");
    plane.settle();
    return V + "/file-systems/" + made.get("FileSystemId");
  }

  private Answer putLifecycle(String of, String policies) {
    return api.put(of + "/lifecycle-configuration", "{\"LifecyclePolicies\":[" + policies + "]}");
  }

  @Test
  void aLifecycleConfigurationKeepsItsOrderAndIsReplacedWhole() {
    assertThat(api.get(path + "/lifecycle-configuration").text())
        .isEqualTo("{\"LifecyclePolicies\":[]}");
    String policies =
        "{\"TransitionToPrimaryStorageClass\":\"AFTER_1_ACCESS\"},"
            + "{\"TransitionToIA\":\"AFTER_30_DAYS\"},{\"TransitionToArchive\":\"AFTER_90_DAYS\"}";
    assertThat(putLifecycle(path, policies).status()).isEqualTo(200);
    assertThat(api.get(path + "/lifecycle-configuration").text())
        .isEqualTo("{\"LifecyclePolicies\":[" + policies + "]}");
    assertThat(api.put(path, "{\"ThroughputMode\":\"bursting\"}").error())
        .isEqualTo("400 BadRequest");
    assertThat(putLifecycle(path, "").text()).isEqualTo("{\"LifecyclePolicies\":[]}");
  }

  @Test
  void aMalformedLifecycleConfigurationIsRefused() {
    for (String policies :
        List.of(
            "{}",
            "{\"TransitionToIA\":\"AFTER_7_DAYS\",\"TransitionToArchive\":\"AFTER_90_DAYS\"}",
            "{\"TransitionToIA\":\"AFTER_7_DAYS\"},{\"TransitionToIA\":\"AFTER_1_DAY\"}",
            "{\"TransitionToIA\":\"AFTER_90_DAYS\"},{\"TransitionToArchive\":\"AFTER_90_DAYS\"}")) {
      Answer refused = putLifecycle(path, policies);
      assertThat(refused.error()).as(policies).isEqualTo("400 BadRequest");
      assertThat(refused.message())
          .isEqualTo("One or more LifecyclePolicy objects specified are malformed.");
    }
    assertThat(putLifecycle(path, "{\"TransitionToIA\":\"AFTER_1_ACCESS\"}").error())
        .isEqualTo("400 ValidationException");
    assertThat(putLifecycle(path, "{},{},{},{}").error()).isEqualTo("400 ValidationException");
    assertThat(api.put(path + "/lifecycle-configuration", "{}").error())
        .isEqualTo("400 ValidationException");
    assertThat(
            putLifecycle(make("b", "bursting"), "{\"TransitionToArchive\":\"AFTER_90_DAYS\"}")
                .error())
        .isEqualTo("400 BadRequest");
  }

  @Test
  void aBackupPolicyIsEnablingThenEnabled() {
    String backup = path + "/backup-policy";
    assertThat(api.get(backup).error()).isEqualTo("404 PolicyNotFound");
    Answer put = api.put(backup, "{\"BackupPolicy\":{\"Status\":\"ENABLED\"}}");
    assertThat(put.text()).isEqualTo("{\"BackupPolicy\":{\"Status\":\"ENABLING\"}}");
    plane.settle();
    assertThat(api.get(backup).text()).isEqualTo("{\"BackupPolicy\":{\"Status\":\"ENABLED\"}}");
    api.put(backup, "{\"BackupPolicy\":{\"Status\":\"DISABLED\"}}");
    plane.settle();
    assertThat(api.get(backup).text()).isEqualTo("{\"BackupPolicy\":{\"Status\":\"DISABLED\"}}");
    for (String broken :
        List.of(
            "{}",
            "{\"BackupPolicy\":{}}",
            "{\"BackupPolicy\":{\"Status\":\"ON\"}}",
            "{\"BackupPolicy\":{\"Status\":\"ENABLING\"}}")) {
      assertThat(api.put(backup, broken).error()).as(broken).isEqualTo("400 ValidationException");
    }
  }

  @Test
  void protectionIsEnabledOrDisabledByUsers() {
    String protection = path + "/protection";
    assertThat(api.put(protection, "{\"ReplicationOverwriteProtection\":\"DISABLED\"}").text())
        .isEqualTo("{\"ReplicationOverwriteProtection\":\"DISABLED\"}");
    assertThat(api.get(V + "/file-systems").text())
        .contains("\"ReplicationOverwriteProtection\":\"DISABLED\"");
    assertThat(api.put(protection, "{\"ReplicationOverwriteProtection\":\"REPLICATING\"}").error())
        .isEqualTo("400 BadRequest");
    assertThat(api.put(protection, "{\"ReplicationOverwriteProtection\":\"NO\"}").error())
        .isEqualTo("400 ValidationException");
  }

  @Test
  void settingsNeedAFileSystemThatIsAvailable() {
    String missing = V + "/file-systems/fs-12345678";
    api.put(path, "{\"ThroughputMode\":\"bursting\"}");
    List<List<String>> puts =
        List.of(
            List.of("/lifecycle-configuration", "{\"LifecyclePolicies\":[]}"),
            List.of("/backup-policy", "{\"BackupPolicy\":{\"Status\":\"ENABLED\"}}"),
            List.of("/protection", "{\"ReplicationOverwriteProtection\":\"DISABLED\"}"));
    for (List<String> put : puts) {
      assertThat(api.put(path + put.get(0), put.get(1)).error())
          .as(put.get(0))
          .isEqualTo("409 IncorrectFileSystemLifeCycleState");
      assertThat(api.put(missing + put.get(0), put.get(1)).error())
          .isEqualTo("404 FileSystemNotFound");
    }
    for (String get : List.of("/lifecycle-configuration", "/backup-policy")) {
      assertThat(api.get(missing + get).error()).isEqualTo("404 FileSystemNotFound");
    }
  }

  @Test
  void idsAreLong() {
    String preference =
        "{\"ResourceIdPreference\":{\"ResourceIdType\":\"LONG_ID\","
            + "\"Resources\":[\"FILE_SYSTEM\",\"MOUNT_TARGET\"]}}";
    String preferences = V + "/account-preferences";
    assertThat(api.call("GET", preferences, "{}").text()).isEqualTo(preference);
    assertThat(api.put(preferences, "{\"ResourceIdType\":\"LONG_ID\"}").text())
        .isEqualTo(preference);
    assertThat(api.put(preferences, "{\"ResourceIdType\":\"SHORT_ID\"}").error())
        .isEqualTo("400 BadRequest");
    assertThat(api.put(preferences, "{}").error()).isEqualTo("400 ValidationException");
  }
}
