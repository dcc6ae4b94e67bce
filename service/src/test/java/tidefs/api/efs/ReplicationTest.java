package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.control.Replication.Progress;
import tidefs.control.Replication.Status;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** Replication configurations through the HTTP port; nothing is copied here. */
class ReplicationTest {
  private static final String V = "/2015-02-01/file-systems";
  private static final String ALL = V + "/replication-configurations";
  private static final String TO_HERE = "{\"Destinations\":[{\"Region\":\"us-east-1\"}]}";
  private static final String NOBODY = "fs-00000000000000000";

  private final ControlPlane plane = new ControlPlane();
  private final ApiClient api = plane.client();

  @AfterEach
  void close() {
    plane.close();
  }

  private String make(String token, boolean encrypted) {
    Answer made =
        api.post(V, "{\"CreationToken\":\"" + token + "\",\"Encrypted\":" + encrypted + "}");
    plane.settle();
    return made.get("FileSystemId");
  }

  private Answer replicate(String source, String body) {
    Answer answer = api.post(V + "/" + source + "/replication-configuration", body);
    plane.settle();
    return answer;
  }

  private static String to(String fileSystem) {
    return "{\"Destinations\":[{\"FileSystemId\":\"" + fileSystem + "\"}]}";
  }

  private String protection(String fileSystem) {
    return api.get(V + "?FileSystemId=" + fileSystem)
        .json()
        .at("/FileSystems/0/FileSystemProtection/ReplicationOverwriteProtection")
        .asString();
  }

  private void protect(String fileSystem, String value) {
    assertThat(
            api.put(
                    V + "/" + fileSystem + "/protection",
                    "{\"ReplicationOverwriteProtection\":\"" + value + "\"}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void aDestinationIsMadeEncryptedAndCannotBeOverwrittenByAnother() {
    String source = make("a", false);
    Answer made = replicate(source, TO_HERE);
    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().at("/Destinations/0/Status").asString()).isEqualTo("ENABLING");
    assertThat(made.json().at("/SourceFileSystemOwnerId").asString())
        .isEqualTo(ControlPlane.ACCOUNT);
    String destination = made.json().at("/Destinations/0/FileSystemId").asString();
    assertThat(protection(destination)).isEqualTo("REPLICATING");
    assertThat(api.get(V + "?FileSystemId=" + destination).text()).contains("\"Encrypted\":true");
    assertThat(
            api.put(
                    V + "/" + destination + "/protection",
                    "{\"ReplicationOverwriteProtection\":\"DISABLED\"}")
                .error())
        .isEqualTo("409 ReplicationAlreadyExists");
    assertThat(replicate(source, TO_HERE).error()).isEqualTo("409 ConflictException");
    assertThat(replicate(destination, TO_HERE).error()).isEqualTo("409 ConflictException");
    assertThat(api.delete(V + "/" + source).error()).isEqualTo("409 FileSystemInUse");
    assertThat(api.delete(V + "/" + destination).error()).isEqualTo("409 FileSystemInUse");
  }

  @Test
  void anExistingFileSystemFollowsOnlyIfItMayBeOverwritten() {
    String source = make("a", true);
    String plain = make("b", false);
    String secret = make("c", true);
    assertThat(replicate(source, to(secret)).error()).isEqualTo("400 BadRequest");
    protect(plain, "DISABLED");
    protect(secret, "DISABLED");
    assertThat(replicate(source, to(plain)).error()).isEqualTo("409 ConflictException");
    assertThat(replicate(source, to(source)).error()).isEqualTo("400 BadRequest");
    assertThat(replicate(source, to(NOBODY)).error()).isEqualTo("404 FileSystemNotFound");
    assertThat(replicate(source, to(secret)).status()).isEqualTo(200);
    assertThat(protection(secret)).isEqualTo("REPLICATING");
  }

  @Test
  void whatCannotBeADestinationIsRefused() {
    String source = make("a", false);
    assertThat(replicate(NOBODY, TO_HERE).error()).isEqualTo("404 FileSystemNotFound");
    assertThat(replicate(source, "{\"Destinations\":[]}").error()).isEqualTo("400 BadRequest");
    assertThat(replicate(source, "{\"Destinations\":[{}]}").error())
        .isEqualTo("400 ValidationException");
    assertThat(replicate(source, TO_HERE.replace("us-east-1", "eu-west-9")).error())
        .isEqualTo("400 ValidationException");
    String zone =
        "{\"Destinations\":[{\"Region\":\"us-east-1\",\"AvailabilityZoneName\":\"mars-1a\"}]}";
    assertThat(replicate(source, zone).error()).isEqualTo("400 UnsupportedAvailabilityZone");
    String creating = api.post(V, "{\"CreationToken\":\"new\"}").get("FileSystemId");
    assertThat(api.post(V + "/" + creating + "/replication-configuration", TO_HERE).error())
        .isEqualTo("409 IncorrectFileSystemLifeCycleState");
  }

  @Test
  void progressIsToldUntilTheConfigurationIsDeleted() {
    String source = make("a", false);
    assertThat(api.get(ALL + "?FileSystemId=" + source).error())
        .isEqualTo("404 ReplicationNotFound");
    String destination =
        replicate(source, TO_HERE).json().at("/Destinations/0/FileSystemId").asString();
    Instant time = Instant.ofEpochSecond(1_700_000_000);
    plane
        .control
        .replications()
        .progress(source, Status.ENABLED, new Progress(true, Optional.of(time), ""));
    plane.restart();
    ApiClient again = plane.client();
    String told = again.get(ALL + "?FileSystemId=" + destination).text();
    assertThat(told).contains("\"Status\":\"ENABLED\"");
    assertThat(told).containsPattern("\"LastReplicatedTimestamp\":1700000000");
    assertThat(again.get(ALL).text()).contains(source);
    assertThat(again.get(ALL + "?FileSystemId=" + NOBODY).error())
        .isEqualTo("404 FileSystemNotFound");
    String configuration = V + "/" + source + "/replication-configuration";
    assertThat(again.delete(configuration + "?deletionMode=LOCAL_CONFIGURATION_ONLY").error())
        .isEqualTo("400 BadRequest");
    assertThat(again.delete(configuration).status()).isEqualTo(204);
    assertThat(again.get(ALL).text()).contains("\"Status\":\"DELETING\"");
    plane.control.replications().end(source);
    assertThat(again.get(ALL).text()).isEqualTo("{\"Replications\":[]}");
    assertThat(again.delete(configuration).error()).isEqualTo("404 ReplicationNotFound");
    assertThat(again.delete(V + "/" + NOBODY + "/replication-configuration").error())
        .isEqualTo("404 FileSystemNotFound");
  }

  @Test
  void listsComeInPages() {
    for (String token : new String[] {"a", "b", "c"}) {
      replicate(make(token, false), TO_HERE);
    }
    Answer first = api.get(ALL + "?MaxResults=2");
    assertThat(first.json().get("Replications")).hasSize(2);
    Answer second = api.get(ALL + "?MaxResults=2&NextToken=" + first.get("NextToken"));
    assertThat(second.json().get("Replications")).hasSize(1);
    assertThat(second.json().has("NextToken")).isFalse();
    assertThat(api.get(ALL + "?MaxResults=0").error()).isEqualTo("400 ValidationException");
  }
}
