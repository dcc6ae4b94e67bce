package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;
import tools.jackson.databind.JsonNode;

/** Access points, tags and settings through the HTTP port. */
class AccessPointsTest {
  private static final String V = "/2015-02-01";
  private static final String PATH = V + "/access-points";

  private final ControlPlane plane = new ControlPlane();
  private ApiClient api = plane.client();
  private String fileSystem = "";

  @BeforeEach
  void makeFileSystem() {
    fileSystem =
        api.post(V + "/file-systems", "{\"CreationToken\":\"t\",\"ThroughputMode\":\"elastic\"}")
            .get("FileSystemId");
    plane.settle();
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private Answer create(String token, String members) {
    return api.post(
        PATH,
        "{\"ClientToken\":\""
            + token
            + "\",\"FileSystemId\":\""
            + fileSystem
            + "\""
            + members
            + "}");
  }

  private static String arn(String kind, String id) {
    return "arn%3Aaws%3Aelasticfilesystem%3Aus-east-1%3A123456789012%3A" + kind + "%2F" + id;
  }

  @Test
  void anAccessPointHoldsItsUserAndRoot() {
    Answer made =
        create(
            "a",
            ",\"PosixUser\":{\"Uid\":4294967295,\"Gid\":7,\"SecondaryGids\":[1,2]},"
                + "\"RootDirectory\":{\"Path\":\"/data/x\",\"CreationInfo\":{\"OwnerUid\":1,"
                + "\"OwnerGid\":2,\"Permissions\":\"0755\"}},"
                + "\"Tags\":[{\"Key\":\"Name\",\"Value\":\"ap\"}]");
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    JsonNode body = made.json();
    String id = body.path("AccessPointId").asString();
    assertThat(id).matches("fsap-[0-9a-f]{17}");
    assertThat(body.path("AccessPointArn").asString())
        .isEqualTo("arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/" + id);
    assertThat(body.path("Name").asString()).isEqualTo("ap");
    assertThat(body.path("PosixUser").toString())
        .isEqualTo("{\"Uid\":4294967295,\"Gid\":7,\"SecondaryGids\":[1,2]}");
    assertThat(body.path("RootDirectory").path("CreationInfo").path("Permissions").asString())
        .isEqualTo("0755");
    assertThat(body.path("LifeCycleState").asString()).isEqualTo("creating");
    plane.settle();
    JsonNode listed = api.get(PATH + "?AccessPointId=" + id).json().path("AccessPoints").path(0);
    assertThat(listed.path("LifeCycleState").asString()).isEqualTo("available");
    assertThat(api.get(V + "/mount-targets?AccessPointId=" + id).json().path("MountTargets").size())
        .isZero();
    assertThat(create("plain", "").json().path("RootDirectory").toString())
        .isEqualTo("{\"Path\":\"/\"}");
  }

  @Test
  void refusalsOfAccessPoints() {
    String id = create("a", "").get("AccessPointId");
    Answer again = create("a", "");
    assertThat(again.error()).isEqualTo("409 AccessPointAlreadyExists");
    assertThat(again.get("AccessPointId")).isEqualTo(id);
    for (String broken :
        List.of(
            "\"RootDirectory\":{\"Path\":\"//pvc\"}",
            "\"RootDirectory\":{\"Path\":\"/a/b/c/d/e\"}",
            "\"RootDirectory\":{\"Path\":\"/x\",\"CreationInfo\":{\"OwnerUid\":1}}",
            "\"PosixUser\":{\"Uid\":-1,\"Gid\":0}",
            "\"PosixUser\":{\"Uid\":4294967296,\"Gid\":0}",
            "\"PosixUser\":{\"Uid\":1}")) {
      assertThat(create("b", "," + broken).error()).as(broken).isEqualTo("400 ValidationException");
    }
    assertThat(create("b", ",\"RootDirectory\":{\"Path\":\"//pvc\"}").message())
        .startsWith(
            "1 validation error detected: Value '//pvc' at 'rootDirectory.path' failed to satisfy"
                + " constraint: Member must satisfy regular expression pattern: ");
    assertThat(create("b", ",\"PosixUser\":{\"Uid\":1.5,\"Gid\":0}").error())
        .isEqualTo("400 SerializationException");
    assertThat(api.post(PATH, "{\"ClientToken\":\"c\",\"FileSystemId\":\"fs-12345678\"}").error())
        .isEqualTo("404 FileSystemNotFound");
    assertThat(api.get(PATH + "?AccessPointId=fsap-12345678").error())
        .isEqualTo("404 AccessPointNotFound");
    assertThat(api.get(PATH + "?FileSystemId=fs-12345678").error())
        .isEqualTo("404 FileSystemNotFound");
    assertThat(api.get(PATH + "?FileSystemId=" + fileSystem + "&AccessPointId=" + id).error())
        .isEqualTo("400 BadRequest");
    assertThat(api.delete(PATH + "/" + id).status()).isEqualTo(204);
    plane.settle();
    assertThat(api.delete(PATH + "/" + id).error()).isEqualTo("404 AccessPointNotFound");
    api.put(V + "/file-systems/" + fileSystem, "{\"ThroughputMode\":\"bursting\"}");
    assertThat(create("d", "").error()).isEqualTo("409 IncorrectFileSystemLifeCycleState");
  }

  @Test
  void accessPointsAreListedInPagesAndGoWithTheirFileSystem() {
    for (int i = 0; i < 7; i++) {
      create("n" + i, "");
    }
    JsonNode page = api.get(PATH + "?FileSystemId=" + fileSystem + "&MaxResults=5").json();
    assertThat(page.path("AccessPoints").size()).isEqualTo(5);
    String token = page.path("NextToken").asString();
    JsonNode rest = api.get(PATH + "?MaxResults=1000&NextToken=" + token).json();
    assertThat(rest.path("AccessPoints").size()).isEqualTo(2);
    assertThat(rest.has("NextToken")).isFalse();
    api.delete(V + "/file-systems/" + fileSystem);
    plane.settle();
    assertThat(api.get(PATH).json().path("AccessPoints").size()).isZero();
  }

  @Test
  void tagsAreSetRemovedAndListedByIdAndArn() {
    String path = V + "/resource-tags/" + arn("file-system", fileSystem);
    assertThat(
            api.post(
                    path,
                    "{\"Tags\":[{\"Key\":\"Name\",\"Value\":\"n\"},"
                        + "{\"Key\":\"team\",\"Value\":\"\"}]}")
                .status())
        .isEqualTo(200);
    assertThat(
            api.get(V + "/file-systems").json().path("FileSystems").path(0).path("Name").asString())
        .isEqualTo("n");
    JsonNode first = api.get(path + "?MaxResults=1").json();
    assertThat(first.path("Tags").toString()).isEqualTo("[{\"Key\":\"Name\",\"Value\":\"n\"}]");
    JsonNode second =
        api.get(path + "?MaxResults=1&NextToken=" + first.path("NextToken").asString()).json();
    assertThat(second.path("Tags").toString()).isEqualTo("[{\"Key\":\"team\",\"Value\":\"\"}]");
    assertThat(second.has("NextToken")).isFalse();
    assertThat(api.delete(path + "?tagKeys=Name&tagKeys=none").status()).isEqualTo(200);
    assertThat(api.get(V + "/tags/" + fileSystem + "/").json().path("Tags").size()).isEqualTo(1);
    assertThat(api.get(V + "/tags/" + fileSystem).json().path("Tags").size()).isEqualTo(1);

    String accessPoint = create("a", "").get("AccessPointId");
    String ofAccessPoint = V + "/resource-tags/" + arn("access-point", accessPoint);
    api.post(ofAccessPoint, "{\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}");
    assertThat(api.get(V + "/resource-tags/" + accessPoint).json().path("Tags").size())
        .isEqualTo(1);
  }

  @Test
  void deprecatedTagCallsWork() {
    assertThat(
            api.post(
                    V + "/create-tags/" + fileSystem,
                    "{\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}")
                .status())
        .isEqualTo(204);
    assertThat(api.post(V + "/delete-tags/" + fileSystem, "{\"TagKeys\":[\"k\"]}").status())
        .isEqualTo(204);
    assertThat(api.get(V + "/tags/" + fileSystem + "/").json().path("Tags").size()).isZero();
    for (String call : List.of("create-tags", "delete-tags")) {
      String body = call.startsWith("c") ? "{\"Tags\":[]}" : "{\"TagKeys\":[\"k\"]}";
      assertThat(api.post(V + "/" + call + "/fs-12345678", body).error())
          .isEqualTo("404 FileSystemNotFound");
      assertThat(api.post(V + "/" + call + "/" + fileSystem, "{}").error())
          .isEqualTo("400 ValidationException");
    }
    assertThat(api.get(V + "/tags/fs-12345678/").error()).isEqualTo("404 FileSystemNotFound");
  }

  @Test
  void refusalsOfTags() {
    String path = V + "/resource-tags/";
    String body = "{\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}";
    assertThat(api.post(path + "fs-12345678", body).error()).isEqualTo("404 FileSystemNotFound");
    assertThat(api.post(path + "fsap-12345678", body).error()).isEqualTo("404 AccessPointNotFound");
    assertThat(api.delete(path + "fs-12345678?tagKeys=k").error())
        .isEqualTo("404 FileSystemNotFound");
    assertThat(api.get(path + "fsap-12345678").error()).isEqualTo("404 AccessPointNotFound");
    assertThat(api.get(path + "fsmt-12345678").error()).isEqualTo("400 ValidationException");
    assertThat(api.delete(path + fileSystem).error()).isEqualTo("400 ValidationException");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 51; i++) {
      many.append(i == 0 ? "" : ",").append("{\"Key\":\"k" + i + "\",\"Value\":\"v\"}");
    }
    assertThat(api.post(path + fileSystem, "{\"Tags\":[" + many + "]}").error())
        .isEqualTo("400 BadRequest");
    String twice = "{\"Key\":\"k\",\"Value\":\"v\"},{\"Key\":\"k\",\"Value\":\"w\"}";
    assertThat(api.post(path + fileSystem, "{\"Tags\":[" + twice + "]}").error())
        .isEqualTo("400 BadRequest");
  }
}
