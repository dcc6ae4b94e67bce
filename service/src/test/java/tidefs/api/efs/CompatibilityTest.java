package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import tidefs.api.efs.SdkModel.Member;
import tidefs.api.efs.SdkModel.Operation;
import tidefs.control.ApiRefusal;
import tidefs.control.ErrorCode;
import tidefs.iam.policy.Authorizer;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every member of every shape of the service model is handled or listed with a reason in {@code
 * docs/compatibility.md}, which {@code -Dtidefs.write-docs=true} writes.
 */
class CompatibilityTest {
  private static final Path DOCUMENT = Path.of("../docs/compatibility.md");
  private static final Path CASES = Path.of("../system-tests/clients/cases");
  private static final ControlPlane PLANE = new ControlPlane();
  private static final Map<String, EfsOperation.Route> ROUTES =
      EfsService.operations(PLANE.control, new Permissions(PLANE.control, Authorizer.EVERYTHING))
          .stream()
          .map(EfsOperation::route)
          .collect(Collectors.toMap(EfsOperation.Route::name, it -> it));

  private final ApiClient api = PLANE.client();

  @AfterAll
  static void close() {
    PLANE.close();
  }

  private static Set<String> served() {
    Set<String> names = new TreeSet<>(SdkModel.operations().keySet());
    names.removeAll(Unsupported.OPERATIONS.keySet());
    return names;
  }

  @Test
  void everyOperationIsServedOrListed() {
    assertThat(ROUTES.keySet()).isEqualTo(served());
    assertThat(SdkModel.operations()).hasSize(31);
  }

  @Test
  void everyMemberOfARequestIsReadOrListed() {
    Set<String> ignored = new TreeSet<>();
    for (String name : served()) {
      Operation operation = SdkModel.operations().get(name);
      for (Member member : SdkModel.members(operation.request())) {
        Answer answer = withWrong(member, ROUTES.get(name));
        String at = where(member);
        boolean told =
            answer.status() == 400
                && (answer.message().contains(at + "'")
                    || answer.message().contains(at + ".1.member'"));
        if (!told) {
          ignored.add(name + "." + member.name());
        }
      }
    }
    assertThat(ignored).isEqualTo(Unsupported.REQUEST_MEMBERS.keySet());
  }

  /** The answer to a request in which this member is wrong and nothing else is looked at before. */
  private Answer withWrong(Member member, EfsOperation.Route route) {
    String wrong = member.isText() || member.inList() ? "!" + "x".repeat(200) : "x";
    String path = route.path();
    String query = "";
    String body = "{}";
    if (member.location() == MarshallLocation.PATH) {
      path = path.replace("{" + member.name() + "}", wrong);
    } else if (member.location() == MarshallLocation.QUERY_PARAM) {
      query = "?" + member.name() + "=" + wrong;
    } else {
      body = body(member);
    }
    path =
        path.replace("{MountTargetId}", "fsmt-12345678")
            .replace("{AccessPointId}", "fsap-12345678")
            .replaceAll("\\{[A-Za-z]+}", "fs-12345678");
    return api.call(route.method(), "/2015-02-01" + path + query, body);
  }

  /** A body that holds this member alone, with a value of the wrong type. */
  private static String body(Member member) {
    StringBuilder open = new StringBuilder();
    StringBuilder closing = new StringBuilder();
    List<String> path = member.path();
    for (int i = 0; i < path.size(); i++) {
      open.append("{\"").append(path.get(i)).append("\":");
      closing.insert(0, "}");
      boolean list = i < path.size() - 1 && LISTS.contains(path.get(i));
      open.append(list ? "[" : "");
      closing.insert(0, list ? "]" : "");
    }
    return open + (member.isText() ? "7" : "\"x\"") + closing;
  }

  private static final Set<String> LISTS = Set.of("Tags", "LifecyclePolicies", "Destinations");

  private static String where(Member member) {
    String last = member.path().getLast();
    return last.substring(0, 1).toLowerCase(Locale.ROOT) + last.substring(1);
  }

  @Test
  void everyMemberOfAReplyIsSeenOrListed() {
    Set<String> seen;
    try (ControlPlane plane = new ControlPlane();
        SdkScenario scenario = new SdkScenario(plane)) {
      scenario.run();
      seen = scenario.seen();
    }
    Set<String> missing = new TreeSet<>();
    for (String name : served()) {
      assertThat(seen).contains(name);
      for (Member member : SdkModel.members(SdkModel.operations().get(name).response())) {
        missing.add(name + "." + member.name());
      }
    }
    missing.removeAll(seen);
    assertThat(missing).isEqualTo(Unsupported.RESPONSE_MEMBERS.keySet());
  }

  @Test
  void everyErrorIsAnsweredOrListed() {
    Set<String> declared = new TreeSet<>();
    served().forEach(name -> declared.addAll(SdkModel.operations().get(name).errors()));
    Set<String> answered = new TreeSet<>(List.of("InternalServerError", "ValidationException"));
    Arrays.stream(ErrorCode.values())
        .map(code -> EfsErrors.of(new ApiRefusal(code, "")).code())
        .forEach(answered::add);
    declared.removeIf(
        error -> answered.contains(error) || answered.contains(error.replace("Exception", "")));
    declared.removeIf(error -> answered.contains(error.replaceAll("Exception$", "")));
    assertThat(declared).isEqualTo(Unsupported.ERRORS.keySet());
  }

  @Test
  void clientsProvokeEveryErrorOfEveryOperationOrItIsListed() throws IOException {
    Set<String> provoked = new TreeSet<>();
    Set<String> succeeded = new TreeSet<>();
    try (Stream<Path> files = Files.list(CASES)) {
      for (Path file : files.toList()) {
        for (JsonNode each : JsonMapper.shared().readTree(Files.readString(file))) {
          String call = each.get("call").asString();
          if (each.has("error")) {
            provoked.add(call + " " + each.get("error").asString().replace("Exception", ""));
          } else {
            succeeded.add(call);
          }
        }
      }
    }
    assertThat(succeeded).isEqualTo(served());
    Set<String> missing = new TreeSet<>();
    for (String name : served()) {
      for (String error : SdkModel.operations().get(name).errors()) {
        boolean listed =
            Unsupported.ERRORS.containsKey(error)
                || Unsupported.UNPROVOKED.stream().anyMatch(it -> it.covers(name, error));
        if (listed == provoked.contains(name + " " + error.replace("Exception", ""))) {
          missing.add(name + " " + error + (listed ? " is listed, and provoked" : ""));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theDocumentSaysSo() throws IOException {
    String wanted = CompatibilityDocument.text();
    if (Boolean.getBoolean("tidefs.write-docs")) {
      Files.writeString(DOCUMENT, wanted);
    }
    assertThat(DOCUMENT).hasContent(wanted);
  }
}
