package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The few calls of the EFS and EC2 APIs that a test needs to get something to mount. */
final class EfsApi {
  private static final Pattern SUBNET = Pattern.compile("<subnetId>(subnet-[0-9a-z]+)</subnetId>");
  private static final Duration REPLICATED = Duration.ofMinutes(2);
  private static final Duration AVAILABLE = Duration.ofSeconds(20);

  private static final String LIFECYCLE = "/tidefs/lifecycle/";

  private final URI endpoint;
  private final String region;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ObjectMapper json = new ObjectMapper();

  EfsApi(URI endpoint, String region) {
    this.endpoint = endpoint;
    this.region = region;
  }

  URI endpoint() {
    return endpoint;
  }

  /** Whether the server answers calls yet. */
  boolean answers() {
    try {
      return send(request("/2015-02-01/file-systems").GET()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /** Creates a file system with one mount target and returns its address once both are there. */
  String createExport() {
    return createMountTarget(createFileSystem());
  }

  /** Creates a file system and returns its id once it is there. */
  String createFileSystem() {
    String fileSystem =
        post("file-systems", "{\"CreationToken\":\"%s\"}".formatted(UUID.randomUUID()))
            .get("FileSystemId")
            .asString();
    await("file-systems?FileSystemId=" + fileSystem, "FileSystems");
    return fileSystem;
  }

  /** Creates a mount target of a file system and returns its address once it is there. */
  String createMountTarget(String fileSystem) {
    post(
        "mount-targets",
        "{\"FileSystemId\":\"%s\",\"SubnetId\":\"%s\"}".formatted(fileSystem, subnet()));
    return await("mount-targets?FileSystemId=" + fileSystem, "MountTargets")
        .get("IpAddress")
        .asString();
  }

  /** Creates an access point from the rest of its request's members and returns its id. */
  String createAccessPoint(String fileSystem, String members) {
    String id =
        post(
                "access-points",
                "{\"ClientToken\":\"%s\",\"FileSystemId\":\"%s\",%s}"
                    .formatted(UUID.randomUUID(), fileSystem, members))
            .get("AccessPointId")
            .asString();
    await("access-points?AccessPointId=" + id, "AccessPoints");
    return id;
  }

  /** Sets the policy of a file system. */
  void putPolicy(String fileSystem, String policy) {
    String body = json.writeValueAsString(Map.of("Policy", policy));
    call(
        request("/2015-02-01/file-systems/" + fileSystem + "/policy")
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Calls an action of a service whose requests are forms, and returns the XML of its answer. */
  String form(String service, String form) {
    return call(request(service, "/")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)))
        .body();
  }

  /** The events of NFS clients, one a line. */
  String events() {
    return call(request("cloudtrail", "/")
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "TideFS.ListEvents")
            .POST(HttpRequest.BodyPublishers.ofString("{}")))
        .body();
  }

  private String subnet() {
    String answer = form("ec2", "Action=DescribeSubnets&Version=2016-11-15");
    Matcher found = SUBNET.matcher(answer);
    assertThat(found.find()).as("a subnet in %s", answer).isTrue();
    return found.group(1);
  }

  private JsonNode post(String resource, String body) {
    return json.readTree(
        call(request("/2015-02-01/" + resource)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
            .body());
  }

  /** Waits until the one resource that the call lists is available. */
  private JsonNode await(String call, String list) {
    long deadline = System.nanoTime() + AVAILABLE.toNanos();
    while (true) {
      JsonNode resource =
          json.readTree(call(request("/2015-02-01/" + call).GET()).body()).get(list).get(0);
      if (resource.get("LifeCycleState").asString().equals("available")) {
        return resource;
      }
      assertThat(System.nanoTime()).as("%s stays %s", call, resource).isLessThan(deadline);
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Lets a file system follow another in a Region; returns its id. */
  String replicate(String source, String region) {
    return post(
            "file-systems/" + source + "/replication-configuration",
            "{\"Destinations\":[{\"Region\":\"%s\"}]}".formatted(region))
        .at("/Destinations/0/FileSystemId")
        .asString();
  }

  /**
   * Begins to move all files of a file system to a storage class.
   *
   * @return false if the server is away, or at it already
   */
  boolean move(String fileSystem, String storageClass) {
    try {
      HttpResponse<String> answer =
          send(
              request("tidefs-lifecycle", LIFECYCLE + fileSystem + "/move/" + storageClass)
                  .POST(HttpRequest.BodyPublishers.noBody()));
      assertThat(answer.statusCode()).as(answer.body()).isIn(202, 404, 409);
      return answer.statusCode() == 202;
    } catch (IOException e) {
      return false;
    }
  }

  /** A file system, if there is one and the server answers. */
  Optional<String> anyFileSystem() {
    try {
      String body = send(request("/2015-02-01/file-systems").GET()).body();
      JsonNode id = json.readTree(body).at("/FileSystems/0/FileSystemId");
      return id.asStringOpt();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where lifecycle management stands. */
  JsonNode lifecycle(String fileSystem) {
    return json.readTree(call(request("tidefs-lifecycle", LIFECYCLE + fileSystem).GET()).body());
  }

  /** Waits until a file system is there. */
  void awaitFileSystem(String id) {
    await("file-systems?FileSystemId=" + id, "FileSystems");
  }

  /** Waits until all that a source holds now is at its destination. */
  void awaitReplicated(String source) {
    double now = System.currentTimeMillis() / 1_000.0;
    long deadline = System.nanoTime() + REPLICATED.toNanos();
    while (true) {
      JsonNode its = replications().at("/Replications/0/Destinations/0");
      if (its.path("LastReplicatedTimestamp").asDouble(0) > now) {
        return;
      }
      assertThat(System.nanoTime()).as("%s stays at %s", source, its).isLessThan(deadline);
      pause();
    }
  }

  /** Deletes a replication configuration and waits until it is gone. */
  void endReplication(String source) {
    call(request("/2015-02-01/file-systems/" + source + "/replication-configuration").DELETE());
    awaitNoReplication();
  }

  /** Waits until there is no replication configuration. */
  void awaitNoReplication() {
    long deadline = System.nanoTime() + REPLICATED.toNanos();
    while (!replications().path("Replications").isEmpty()) {
      assertThat(System.nanoTime()).as("%s", replications()).isLessThan(deadline);
      pause();
    }
  }

  private JsonNode replications() {
    return json.readTree(
        call(request("/2015-02-01/file-systems/replication-configurations").GET()).body());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return request("elasticfilesystem", path);
  }

  /**
   * A request as a client signs it, but for the signature, which {@code --insecure-api} ignores.
   */
  private HttpRequest.Builder request(String service, String path) {
    return HttpRequest.newBuilder(endpoint.resolve(path))
        .timeout(Duration.ofSeconds(20))
        .header("X-Amz-Date", "20260101T000000Z")
        .header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/%s/%s/aws4_request, "
                    .formatted(region, service)
                + "SignedHeaders=host;x-amz-date, Signature="
                + "0".repeat(64));
  }

  private HttpResponse<String> call(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = send(request);
      assertThat(answer.statusCode())
          .as("%s %s", answer.request(), answer.body())
          .isBetween(200, 299);
      return answer;
    } catch (IOException e) {
      throw new AssertionError("The API does not answer", e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
