package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.control.NetworkRefusal;
import tidefs.control.Tags;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.FakeDataPlane;
import tools.jackson.databind.JsonNode;

/** File systems through the HTTP port. */
class FileSystemsTest {
  private static final String PATH = "/2015-02-01/file-systems";

  private final ControlPlane plane = new ControlPlane();
  private ApiClient api = plane.client();

  @AfterEach
  void close() {
    plane.close();
  }

  private String available(String token, String members) {
    Answer made = api.post(PATH, "{\"CreationToken\":\"" + token + "\"" + members + "}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    plane.settle();
    return made.get("FileSystemId");
  }

  private JsonNode only(String id) {
    return api.get(PATH + "?FileSystemId=" + id).json().path("FileSystems").path(0);
  }

  @Test
  void aNewFileSystemIsCreatingThenAvailable() {
    Answer made =
        api.post(
            PATH, "{\"CreationToken\":\"t\",\"Tags\":[{\"Key\":\"Name\",\"Value\":\"home\"}]}");
    assertThat(made.status()).isEqualTo(201);
    JsonNode body = made.json();
    String id = body.path("FileSystemId").asString();
    assertThat(id).matches("fs-[0-9a-f]{17}");
    assertThat(body.path("FileSystemArn").asString())
        .isEqualTo("arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/" + id);
    assertThat(body.path("LifeCycleState").asString()).isEqualTo("creating");
    assertThat(body.path("OwnerId").asString()).isEqualTo("123456789012");
    assertThat(body.path("CreationToken").asString()).isEqualTo("t");
    assertThat(body.path("CreationTime").decimalValue()).isEqualByComparingTo("1795334400");
    assertThat(body.path("Name").asString()).isEqualTo("home");
    assertThat(body.path("NumberOfMountTargets").asInt()).isZero();
    assertThat(body.path("SizeInBytes").path("Value").asLong()).isZero();
    assertThat(body.path("PerformanceMode").asString()).isEqualTo("generalPurpose");
    assertThat(body.path("ThroughputMode").asString()).isEqualTo("bursting");
    assertThat(body.path("Encrypted").asBoolean()).isFalse();
    assertThat(body.has("KmsKeyId")).isFalse();
    assertThat(body.has("AvailabilityZoneName")).isFalse();
    assertThat(body.path("FileSystemProtection").path("ReplicationOverwriteProtection").asString())
        .isEqualTo("ENABLED");
    assertThat(plane.dataPlane.fileSystems()).isEmpty();

    plane.settle();
    assertThat(only(id).path("LifeCycleState").asString()).isEqualTo("available");
    assertThat(only(id).path("SizeInBytes").path("Value").asLong())
        .isEqualTo(FakeDataPlane.EMPTY_BYTES);
    assertThat(plane.dataPlane.fileSystems()).containsExactly(id);
  }

  @Test
  void aTokenMakesOneFileSystemWhateverElseIsAsked() {
    String id = available("once", "");
    Answer again = api.post(PATH, "{\"CreationToken\":\"once\",\"Encrypted\":true}");
    assertThat(again.error()).isEqualTo("409 FileSystemAlreadyExists");
    assertThat(again.get("FileSystemId")).isEqualTo(id);
    assertThat(again.get("ErrorCode")).isEqualTo("FileSystemAlreadyExists");
    assertThat(again.message())
        .isEqualTo("File system '" + id + "' already exists with creation token 'once'");
  }

  @Test
  void encryptionUsesTheDefaultKeyUnlessOneIsNamed() throws NetworkRefusal {
    String id = available("e", ",\"Encrypted\":true");
    assertThat(only(id).path("KmsKeyId").asString())
        .matches("arn:aws:kms:us-east-1:123456789012:key/[0-9a-f-]{36}");
    String key = plane.control.kmsKeys().create("", Tags.NONE).id();
    String named = available("k", ",\"Encrypted\":true,\"KmsKeyId\":\"" + key + "\"");
    assertThat(only(named).path("KmsKeyId").asString())
        .isEqualTo("arn:aws:kms:us-east-1:123456789012:key/" + key);
    Answer refused = api.post(PATH, "{\"CreationToken\":\"x\",\"KmsKeyId\":\"" + key + "\"}");
    assertThat(refused.error()).isEqualTo("400 BadRequest");
    String unknown = ",\"Encrypted\":true,\"KmsKeyId\":\"01234567-89ab-cdef-0123-456789abcdef\"}";
    Answer absent = api.post(PATH, "{\"CreationToken\":\"x\"" + unknown);
    assertThat(absent.error()).isEqualTo("400 BadRequest");
    assertThat(absent.message()).contains("does not exist");
  }

  @Test
  void aOneZoneFileSystemNamesItsZoneAndIsBackedUp() {
    String id = available("z", ",\"AvailabilityZoneName\":\"us-east-1b\"");
    assertThat(only(id).path("AvailabilityZoneName").asString()).isEqualTo("us-east-1b");
    assertThat(only(id).path("AvailabilityZoneId").asString()).isEqualTo("use1-az2");
    JsonNode backup = api.get(PATH + "/" + id + "/backup-policy").json();
    assertThat(backup.path("BackupPolicy").path("Status").asString()).isEqualTo("ENABLED");
    assertThat(
            api.post(PATH, "{\"CreationToken\":\"y\",\"AvailabilityZoneName\":\"eu-west-1a\"}")
                .error())
        .isEqualTo("400 UnsupportedAvailabilityZone");
  }

  @Test
  void modesThatDoNotFitTogetherAreRefused() {
    for (String members :
        List.of(
            "\"PerformanceMode\":\"maxIO\",\"ThroughputMode\":\"elastic\"",
            "\"PerformanceMode\":\"maxIO\",\"AvailabilityZoneName\":\"us-east-1a\"",
            "\"ThroughputMode\":\"provisioned\"",
            "\"ThroughputMode\":\"elastic\",\"ProvisionedThroughputInMibps\":10",
            "\"ProvisionedThroughputInMibps\":10")) {
      Answer refused = api.post(PATH, "{\"CreationToken\":\"m\"," + members + "}");
      assertThat(refused.error()).as(members).isEqualTo("400 BadRequest");
    }
    Answer tooMuch =
        api.post(
            PATH,
            "{\"CreationToken\":\"m\",\"ThroughputMode\":\"provisioned\","
                + "\"ProvisionedThroughputInMibps\":3414.5}");
    assertThat(tooMuch.error()).isEqualTo("400 ThroughputLimitExceeded");
    assertThat(api.get(PATH).json().path("FileSystems").size()).isZero();
  }

  @Test
  void everyBrokenConstraintIsTold() {
    Answer missing = api.post(PATH, "{}");
    assertThat(missing.error()).isEqualTo("400 ValidationException");
    assertThat(missing.message())
        .isEqualTo(
            "1 validation error detected: Value null at 'creationToken' failed to satisfy"
                + " constraint: Member must not be null");
    Answer two =
        api.post(
            PATH,
            "{\"CreationToken\":\"\",\"PerformanceMode\":\"fast\","
                + "\"Tags\":[{\"Key\":\"aws:x\",\"Value\":\"v\"}]}");
    assertThat(two.message())
        .startsWith("4 validation errors detected: ")
        .contains(
            "Value '' at 'creationToken' failed to satisfy constraint: Member must have length"
                + " greater than or equal to 1")
        .contains(
            "Value 'fast' at 'performanceMode' failed to satisfy constraint: Member must satisfy"
                + " enum value set: [generalPurpose, maxIO]")
        .contains("Value 'aws:x' at 'tags.1.member.key' failed to satisfy constraint");
    String longToken = "x".repeat(65);
    assertThat(api.post(PATH, "{\"CreationToken\":\"" + longToken + "\"}").message())
        .contains("Member must have length less than or equal to 64");
    assertThat(
            api.post(
                    PATH,
                    "{\"CreationToken\":\"a\",\"ThroughputMode\":\"provisioned\","
                        + "\"ProvisionedThroughputInMibps\":0.5}")
                .message())
        .contains("Value '0.5' at 'provisionedThroughputInMibps'")
        .contains("Member must have value greater than or equal to 1");
  }

  @Test
  void whatIsNotJsonOrOfTheWrongTypeIsASerializationError() {
    for (String body :
        List.of(
            "{",
            "[]",
            "null",
            "{} {}",
            "{\"CreationToken\":1}",
            "{\"a\":1,\"a\":2}",
            "{\"CreationToken\":\"t\",\"Encrypted\":\"yes\"}",
            "{\"CreationToken\":\"t\",\"Tags\":{}}",
            "{\"CreationToken\":\"t\",\"Tags\":[1]}",
            "[".repeat(1000))) {
      assertThat(api.post(PATH, body).error()).as(body).isEqualTo("400 SerializationException");
    }
  }

  @Test
  void fileSystemsAreFoundByIdArnAndToken() {
    String id = available("here", "");
    String arn = "arn%3Aaws%3Aelasticfilesystem%3Aus-east-1%3A123456789012%3Afile-system%2F" + id;
    assertThat(only(arn).path("FileSystemId").asString()).isEqualTo(id);
    assertThat(
            api.get(PATH + "?CreationToken=here")
                .json()
                .path("FileSystems")
                .path(0)
                .path("FileSystemId")
                .asString())
        .isEqualTo(id);
    assertThat(api.get(PATH + "?CreationToken=other").json().path("FileSystems").size()).isZero();
    Answer missing = api.get(PATH + "?FileSystemId=fs-12345678");
    assertThat(missing.error()).isEqualTo("404 FileSystemNotFound");
    assertThat(missing.message()).isEqualTo("File system 'fs-12345678' does not exist.");
    assertThat(api.get(PATH + "?FileSystemId=" + id + "&CreationToken=here").error())
        .isEqualTo("400 BadRequest");
    assertThat(api.get(PATH + "?FileSystemId=nonsense").error())
        .isEqualTo("400 ValidationException");
    String foreign = arn.replace("123456789012", "210987654321");
    assertThat(api.get(PATH + "?FileSystemId=" + foreign).error())
        .isEqualTo("404 FileSystemNotFound");
  }

  @Test
  void pagesShowEveryFileSystemOnce() {
    for (int i = 0; i < 23; i++) {
      available("p" + i, "");
    }
    List<String> seen = new ArrayList<>();
    String marker = "";
    do {
      JsonNode page =
          api.get(PATH + "?MaxItems=5" + (marker.isEmpty() ? "" : "&Marker=" + marker)).json();
      assertThat(page.has("Marker")).isEqualTo(!marker.isEmpty());
      page.path("FileSystems").forEach(it -> seen.add(it.path("FileSystemId").asString()));
      marker = page.path("NextMarker").asString("");
    } while (!marker.isEmpty());
    assertThat(seen).hasSize(23);
    assertThat(new HashSet<>(seen)).hasSize(23);
    assertThat(api.get(PATH).json().has("NextMarker")).isFalse();
    assertThat(api.get(PATH + "?Marker=nonsense").error()).isEqualTo("400 BadRequest");
    assertThat(api.get(PATH + "?MaxItems=0").error()).isEqualTo("400 ValidationException");
    assertThat(api.get(PATH + "?MaxItems=x").error()).isEqualTo("400 SerializationException");
  }

  @Test
  void anUpdateIsSeenAsUpdatingThenAvailable() {
    String id = available("u", "");
    Answer updated = api.put(PATH + "/" + id, "{\"ThroughputMode\":\"elastic\"}");
    assertThat(updated.status()).isEqualTo(202);
    assertThat(updated.get("LifeCycleState")).isEqualTo("updating");
    assertThat(updated.get("ThroughputMode")).isEqualTo("elastic");
    assertThat(api.put(PATH + "/" + id, "{\"ThroughputMode\":\"bursting\"}").error())
        .isEqualTo("409 IncorrectFileSystemLifeCycleState");
    plane.settle();
    assertThat(only(id).path("LifeCycleState").asString()).isEqualTo("available");
    assertThat(api.put(PATH + "/" + id, "{}").error()).isEqualTo("400 BadRequest");
    assertThat(api.put(PATH + "/fs-12345678", "{\"ThroughputMode\":\"elastic\"}").error())
        .isEqualTo("404 FileSystemNotFound");
    String maxIo = available("mx", ",\"PerformanceMode\":\"maxIO\"");
    assertThat(api.put(PATH + "/" + maxIo, "{\"ThroughputMode\":\"elastic\"}").error())
        .isEqualTo("400 BadRequest");
  }

  @Test
  void provisionedThroughputGrowsAtOnceAndShrinksAfterADay() {
    String id = available("d", "");
    String path = PATH + "/" + id;
    assertThat(
            api.put(
                    path,
                    "{\"ThroughputMode\":\"provisioned\",\"ProvisionedThroughputInMibps\":100}")
                .status())
        .isEqualTo(202);
    plane.settle();
    assertThat(api.put(path, "{\"ProvisionedThroughputInMibps\":200}").status()).isEqualTo(202);
    plane.settle();
    Answer early = api.put(path, "{\"ProvisionedThroughputInMibps\":150}");
    assertThat(early.error()).isEqualTo("429 TooManyRequests");
    assertThat(early.message())
        .isEqualTo(
            "You have reached the maximum number of throughput mode changes or provisioned"
                + " throughput value decreases. Wait until 2026-11-23T08:00:00Z UTC and try"
                + " again.");
    assertThat(api.put(path, "{\"ThroughputMode\":\"bursting\"}").error())
        .isEqualTo("429 TooManyRequests");
    assertThat(api.put(path, "{\"ProvisionedThroughputInMibps\":5000}").error())
        .isEqualTo("400 ThroughputLimitExceeded");
    plane.clock.advance(Duration.ofHours(24));
    assertThat(
            api.put(path, "{\"ThroughputMode\":\"bursting\",\"ProvisionedThroughputInMibps\":0}")
                .status())
        .isEqualTo(202);
    plane.settle();
    assertThat(only(id).has("ProvisionedThroughputInMibps")).isFalse();
  }

  @Test
  void aDeletedFileSystemIsDeletingThenGoneAndItsTokenFree() {
    String id = available("gone", "");
    Answer deleted = api.delete(PATH + "/" + id);
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.text()).isEmpty();
    assertThat(only(id).path("LifeCycleState").asString()).isEqualTo("deleting");
    plane.settle();
    assertThat(api.get(PATH + "?FileSystemId=" + id).error()).isEqualTo("404 FileSystemNotFound");
    assertThat(api.delete(PATH + "/" + id).error()).isEqualTo("404 FileSystemNotFound");
    assertThat(plane.dataPlane.fileSystems()).isEmpty();
    available("gone", "");
  }

  @Test
  void aFileSystemDeletedWhileCreatingNeverComesBack() {
    Answer made = api.post(PATH, "{\"CreationToken\":\"brief\"}");
    api.delete(PATH + "/" + made.get("FileSystemId"));
    plane.settle();
    assertThat(api.get(PATH).json().path("FileSystems").size()).isZero();
    assertThat(plane.dataPlane.fileSystems()).isEmpty();
  }

  @Test
  void aThousandFileSystemsAreTheLimit() {
    for (int i = 0; i < 1_000; i++) {
      api.post(PATH, "{\"CreationToken\":\"n" + i + "\"}");
    }
    Answer refused = api.post(PATH, "{\"CreationToken\":\"more\"}");
    assertThat(refused.error()).isEqualTo("403 FileSystemLimitExceeded");
    JsonNode page = api.get(PATH + "?MaxItems=1000").json();
    assertThat(page.path("FileSystems").size()).isEqualTo(100);
    assertThat(page.path("NextMarker").asString()).isNotEmpty();
  }

  @Test
  void whatTheDataPlaneCannotMakeIsInErrorAndTriedAgain() {
    plane.dataPlane.failing(true);
    String id = available("f", "");
    assertThat(only(id).path("LifeCycleState").asString()).isEqualTo("error");
    plane.dataPlane.failing(false);
    plane.settle();
    assertThat(only(id).path("LifeCycleState").asString()).isEqualTo("available");
  }
}
