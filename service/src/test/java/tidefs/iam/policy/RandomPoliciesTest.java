package tidefs.iam.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.iam.Caller;

/**
 * Random policies and requests against expected decisions. The expectation is not read from the
 * document: it is made, with the document, from sets of which principals, actions, resources and
 * circumstances each of its parts is about.
 */
class RandomPoliciesTest {
  private static final int POLICIES = 100;
  private static final String FS = "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/";
  private static final String AP = "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/";
  private static final List<String> ACTIONS =
      List.of("ClientMount", "ClientWrite", "ClientRootAccess", "DescribeMountTargets");
  private static final List<String> RESOURCES = List.of("fs-01", "fs-02", "fs-11");

  private enum Who {
    ALICE("arn:aws:iam::123456789012:user/alice"),
    BOB("arn:aws:iam::123456789012:user/bob"),
    ROLE("arn:aws:sts::123456789012:assumed-role/app/one"),
    ROOT("arn:aws:iam::123456789012:root"),
    NOBODY("");

    private final String arn;

    Who(String arn) {
      this.arn = arn;
    }

    Optional<Caller> caller() {
      return this == NOBODY
          ? Optional.empty()
          : Optional.of(new Caller("123456789012", arn, "AKID"));
    }
  }

  /** Where a request comes from, and by which way. */
  private record Situation(boolean tls, boolean inside, String accessPoint) {
    Map<String, List<String>> context() {
      Map<String, List<String>> all =
          new java.util.TreeMap<>(
              Map.of(
                  "aws:SecureTransport", List.of("" + tls),
                  "aws:SourceIp", List.of(inside ? "10.1.2.3" : "203.0.113.9")));
      if (!accessPoint.isEmpty()) {
        all.put("elasticfilesystem:AccessPointArn", List.of(AP + accessPoint));
      }
      return all;
    }
  }

  /** A part of a statement: its text, and of which values it is about. */
  private record Part<T>(String json, List<T> about) {}

  private record Rule(
      boolean allow,
      Part<Who> whom,
      Part<String> actions,
      Part<String> resources,
      Part<Situation> when) {
    String json() {
      return "{\"Effect\":\""
          + (allow ? "Allow" : "Deny")
          + "\","
          + whom.json
          + actions.json
          + resources.json
          + when.json
          + "\"Sid\":\"s\"}";
    }

    boolean covers(Who who, String action, String resource, Situation situation) {
      return whom.about.contains(who)
          && actions.about.contains(action)
          && resources.about.contains(resource)
          && when.about.contains(situation);
    }
  }

  private static final List<Situation> SITUATIONS = new ArrayList<>();

  static {
    for (boolean tls : new boolean[] {true, false}) {
      for (boolean inside : new boolean[] {true, false}) {
        for (String accessPoint : List.of("", "fsap-a", "fsap-b")) {
          SITUATIONS.add(new Situation(tls, inside, accessPoint));
        }
      }
    }
  }

  private static Part<Who> whom(Random random, boolean allow) {
    String user = "{\"AWS\":\"arn:aws:iam::123456789012:user/";
    return switch (random.nextInt(7)) {
      case 0 -> new Part<>("\"Principal\":\"*\",", List.of(Who.values()));
      case 1 -> new Part<>("\"Principal\":{\"AWS\":[\"*\"]},", List.of(Who.values()));
      case 2 -> new Part<>("\"Principal\":" + user + "alice\"},", List.of(Who.ALICE));
      case 3 ->
          new Part<>(
              "\"Principal\":{\"AWS\":[\"arn:aws:iam::123456789012:role/app\",\""
                  + Who.BOB.arn
                  + "\"]},",
              List.of(Who.ROLE, Who.BOB));
      case 4 ->
          new Part<>(
              "\"Principal\":{\"AWS\":\"123456789012\"},",
              allow ? List.of(Who.ROOT) : List.of(Who.ALICE, Who.BOB, Who.ROLE, Who.ROOT));
      case 5 ->
          new Part<>(
              "\"NotPrincipal\":" + user + "bob\"},",
              List.of(Who.ALICE, Who.ROLE, Who.ROOT, Who.NOBODY));
      default -> new Part<>("\"Principal\":{\"Service\":\"x.amazonaws.com\"},", List.of());
    };
  }

  private static Part<String> actions(Random random) {
    String ours = "elasticfilesystem:";
    return switch (random.nextInt(6)) {
      case 0 -> new Part<>("\"Action\":\"*\",", ACTIONS);
      case 1 -> new Part<>("\"Action\":\"" + ours + "Client*\",", ACTIONS.subList(0, 3));
      case 2 -> new Part<>("\"Action\":[\"" + ours + "clientmount\"],", ACTIONS.subList(0, 1));
      case 3 ->
          new Part<>(
              "\"Action\":[\"" + ours + "ClientWrite\",\"" + ours + "*Root*\"],",
              ACTIONS.subList(1, 3));
      case 4 -> new Part<>("\"NotAction\":\"" + ours + "Describe*\",", ACTIONS.subList(0, 3));
      default -> new Part<>("\"NotAction\":\"" + ours + "*\",", List.of());
    };
  }

  private static Part<String> resources(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Part<>("", RESOURCES);
      case 1 -> new Part<>("\"Resource\":\"*\",", RESOURCES);
      case 2 -> new Part<>("\"Resource\":\"" + FS + "fs-0?\",", RESOURCES.subList(0, 2));
      case 3 -> new Part<>("\"Resource\":[\"" + FS + "fs-02\"],", RESOURCES.subList(1, 2));
      default -> new Part<>("\"NotResource\":\"" + FS + "fs-1*\",", RESOURCES.subList(0, 2));
    };
  }

  private static Part<Situation> when(Random random) {
    int kind = random.nextInt(8);
    String condition =
        switch (kind) {
          case 0 -> "\"Bool\":{\"aws:SecureTransport\":\"true\"}";
          case 1 -> "\"BoolIfExists\":{\"aws:SecureTransport\":false}";
          case 2 -> "\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/8\",\"::1\"]}";
          case 3 -> "\"StringEquals\":{\"elasticfilesystem:AccessPointArn\":\"" + AP + "fsap-a\"}";
          case 4 -> "\"ArnNotLike\":{\"elasticfilesystem:AccessPointArn\":\"" + AP + "*-a\"}";
          case 5 -> "\"Null\":{\"elasticfilesystem:AccessPointArn\":\"true\"}";
          case 6 ->
              "\"Bool\":{\"aws:SecureTransport\":\"true\"},\"NotIpAddress\":{\"aws:SourceIp\":"
                  + "\"10.0.0.0/8\"}";
          default -> "";
        };
    List<Situation> about =
        SITUATIONS.stream()
            .filter(it ->
                switch (kind) {
                  case 0 -> it.tls;
                  case 1 -> !it.tls;
                  case 2 -> it.inside;
                  case 3 -> it.accessPoint.equals("fsap-a");
                  case 4 -> !it.accessPoint.equals("fsap-a");
                  case 5 -> it.accessPoint.isEmpty();
                  case 6 -> it.tls && !it.inside;
                  default -> true;
                })
            .toList();
    return new Part<>(condition.isEmpty() ? "" : "\"Condition\":{" + condition + "},", about);
  }

  private static Decision expected(
      List<Rule> rules, Who who, String action, String resource, Situation situation) {
    List<Rule> about =
        rules.stream().filter(it -> it.covers(who, action, resource, situation)).toList();
    if (about.stream().anyMatch(it -> !it.allow)) {
      return Decision.EXPLICITLY_DENIED;
    }
    return about.isEmpty() ? Decision.IMPLICITLY_DENIED : Decision.ALLOWED;
  }

  @ParameterizedTest
  @ValueSource(longs = {20261122, 7, 99})
  void decisionsAreAsExpected(long seed) throws MalformedPolicy {
    Random random = new Random(seed);
    Map<Decision, Integer> met = new EnumMap<>(Decision.class);
    for (int i = 0; i < POLICIES; i++) {
      List<Rule> rules = new ArrayList<>();
      for (int rest = 1 + random.nextInt(5); rest > 0; rest--) {
        boolean allow = random.nextInt(3) > 0;
        rules.add(
            new Rule(allow, whom(random, allow), actions(random), resources(random), when(random)));
      }
      String text =
          "{\"Version\":\"2012-10-17\",\"Statement\":["
              + rules.stream().map(Rule::json).collect(Collectors.joining(","))
              + "]}";
      Policy policy = PolicyParser.ofResource(text);
      for (int j = 0; j < 100; j++) {
        Who who = Who.values()[random.nextInt(Who.values().length)];
        String action = ACTIONS.get(random.nextInt(ACTIONS.size()));
        String resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
        Situation situation = SITUATIONS.get(random.nextInt(SITUATIONS.size()));
        Decision wanted = expected(rules, who, action, resource, situation);
        met.merge(wanted, 1, Integer::sum);
        assertThat(
                Evaluator.decide(
                    new AccessRequest(
                        who.caller(),
                        "elasticfilesystem:" + action,
                        FS + resource,
                        situation.context()),
                    List.of(policy)))
            .as("seed %d, %s %s %s %s under %s", seed, who, action, resource, situation, text)
            .isEqualTo(wanted);
      }
    }
    assertThat(met.values()).as("each decision is met often").allMatch(count -> count > 300);
  }
}
