package tidefs.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.control.PosixUser;
import tidefs.control.RootDirectory;
import tidefs.iam.identity.Identities;
import tidefs.nfs4.op.Status;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.Credentials;
import tidefs.testkit.MountCertificate;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;

/**
 * Random policies, identities and operations, over the wire: every answer is the one of a table
 * that is computed here from what the statements mean, without reading a policy.
 */
final class RandomRightsTest extends ClientTest {
  private static final int CASES = 1_000;
  private static final int USERS = 3;

  private enum Right {
    MOUNT,
    WRITE,
    ROOT
  }

  private enum Task {
    LOOK,
    READ_OF_ROOT,
    MAKE_DIRECTORY,
    TAKE_FROM_ROOT
  }

  /** What a statement asks of a connection. */
  private enum Condition {
    NONE(""),
    ENCRYPTED("\"Bool\":{\"aws:SecureTransport\":\"true\"}"),
    PLAIN("\"Bool\":{\"aws:SecureTransport\":\"false\"}"),
    BY_ACCESS_POINT("\"StringEquals\":{\"elasticfilesystem:AccessPointArn\":\"%s\"}"),
    OTHER_WAY("\"StringNotEquals\":{\"elasticfilesystem:AccessPointArn\":\"%s\"}"),
    FROM_ELSEWHERE("\"NotIpAddress\":{\"aws:SourceIp\":\"127.0.0.0/8\"}"),
    BY_MOUNT_TARGET("\"Bool\":{\"elasticfilesystem:AccessedViaMountTarget\":\"true\"}");

    private final String text;

    Condition(String text) {
      this.text = text;
    }
  }

  /** A statement; {@code user} is -1 for everyone. */
  private record Rule(boolean allows, int user, Set<Right> rights, Condition condition) {}

  /** Who connects: a user or -1 for nobody; how; by which access point, or -1. */
  private record Visitor(int user, boolean tls, int accessPoint) {}

  private final List<Identities.NewKey> keys = new ArrayList<>();
  private final List<String> accessPoints = new ArrayList<>();
  private Random random;
  private int made;

  @BeforeEach
  void prepare() throws Exception {
    for (int i = 0; i < USERS; i++) {
      keys.add(rig.user("user" + i));
    }
    PosixUser ordinary = new PosixUser(1000, 1000, List.of());
    PosixUser root = new PosixUser(0, 0, List.of());
    accessPoints.add(rig.accessPoint(fileSystem, ordinary, "/"));
    accessPoints.add(rig.accessPoint(fileSystem, root, "/"));
    accessPoints.add(rig.accessPoint(fileSystem, Optional.empty(), RootDirectory.WHOLE));
    try (NfsClient client = rig.mountPlain(fileSystem, 1, Credentials.ROOT)) {
      client.setattr(client.root(), NewAttributes.none().mode(0777));
      client.close(client.create(client.root(), "secret", 0600));
    }
  }

  @Test
  void everyAnswerIsTheTables() throws Exception {
    long seed = Long.getLong("seed", 20_261_122);
    System.out.println("-Dseed=" + seed);
    random = new Random(seed);
    Map<String, Integer> outcomes = new HashMap<>();
    for (int done = 0; done < CASES; ) {
      List<Rule> ofFileSystem = rules(true);
      Map<Integer, List<Rule>> ofUsers = new HashMap<>();
      rig.policy(fileSystem, ofFileSystem.stream().map(this::text).toArray(String[]::new));
      for (int user = 0; user < USERS; user++) {
        List<Rule> own = rules(false);
        ofUsers.put(user, own);
        rig.identities.putPolicy(
            "user" + user,
            "own",
            "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
                .formatted(own.stream().map(this::text).collect(Collectors.joining(","))));
      }
      for (int visit = 0; visit < 5; visit++) {
        Visitor visitor = visitor();
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
          if (decide(right, visitor, ofFileSystem, ofUsers.getOrDefault(visitor.user, List.of()))) {
            rights.add(right);
          }
        }
        Map<Task, String> answers = answers(visitor);
        for (Task task : Task.values()) {
          String expected = expected(task, visitor, rights);
          assertThat(answers.get(task))
              .as("%s by %s of %s, %s", task, visitor, ofFileSystem, ofUsers.get(visitor.user))
              .isEqualTo(expected);
          outcomes.merge(task + " " + expected, 1, Integer::sum);
          done++;
        }
      }
    }
    // Each answer has come up often enough to mean something.
    assertThat(outcomes.keySet())
        .contains("LOOK OK", "LOOK refused", "READ_OF_ROOT OK", "READ_OF_ROOT ACCESS")
        .contains("MAKE_DIRECTORY OK", "MAKE_DIRECTORY ROFS")
        .contains("TAKE_FROM_ROOT OK", "TAKE_FROM_ROOT PERM", "TAKE_FROM_ROOT ROFS");
    assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(CASES);
  }

  private List<Rule> rules(boolean ofFileSystem) {
    List<Rule> rules = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Set<Right> rights = EnumSet.of(Right.values()[random.nextInt(3)]);
      Stream.of(Right.values()).filter(_ -> random.nextBoolean()).forEach(rights::add);
      Condition[] conditions = Condition.values();
      rules.add(
          new Rule(
              random.nextInt(4) != 0,
              ofFileSystem ? random.nextInt(USERS + 2) - 2 : -2,
              rights,
              random.nextBoolean()
                  ? Condition.NONE
                  : conditions[random.nextInt(conditions.length)]));
    }
    return rules.stream()
        .map(rule ->
            ofFileSystem && rule.user < 0
                ? new Rule(rule.allows, -1, rule.rights, rule.condition)
                : rule)
        .toList();
  }

  /** The statement of a rule: of the file system's policy, or (user -2) of a user's own. */
  private String text(Rule rule) {
    String principal =
        switch (rule.user) {
          case -2 -> "";
          case -1 -> "\"Principal\":{\"AWS\":\"*\"},";
          default ->
              "\"Principal\":{\"AWS\":\"%s\"},".formatted(rig.identities.arn("user" + rule.user));
        };
    String actions =
        rule.rights.size() == 3 && random.nextBoolean()
            ? "\"elasticfilesystem:Client*\""
            : rule.rights.stream()
                .map(right ->
                    switch (right) {
                      case MOUNT -> '"' + ClientRig.MOUNT + '"';
                      case WRITE -> '"' + ClientRig.WRITE + '"';
                      case ROOT -> '"' + ClientRig.ROOT + '"';
                    })
                .collect(Collectors.joining(","));
    String condition =
        rule.condition == Condition.NONE
            ? ""
            : ",\"Condition\":{%s}".formatted(rule.condition.text.formatted(accessPointArn()));
    return "{\"Effect\":\"%s\",%s\"Action\":[%s],\"Resource\":\"*\"%s}"
        .formatted(rule.allows ? "Allow" : "Deny", principal, actions, condition);
  }

  private String accessPointArn() {
    return "arn:aws:elasticfilesystem:%s:%s:access-point/%s"
        .formatted(ControlPlane.REGION, ControlPlane.ACCOUNT, accessPoints.getFirst());
  }

  private Visitor visitor() {
    if (random.nextInt(5) == 0) {
      return new Visitor(-1, false, -1);
    }
    return new Visitor(
        random.nextInt(USERS + 1) - 1, true, random.nextInt(accessPoints.size() + 2) - 2);
  }

  private static boolean holds(Condition condition, Visitor visitor) {
    return switch (condition) {
      case NONE, BY_MOUNT_TARGET -> true;
      case ENCRYPTED -> visitor.tls;
      case PLAIN -> !visitor.tls;
      case BY_ACCESS_POINT -> visitor.accessPoint == 0;
      case OTHER_WAY -> visitor.accessPoint != 0;
      case FROM_ELSEWHERE -> false;
    };
  }

  private static boolean decide(Right right, Visitor visitor, List<Rule> file, List<Rule> own) {
    List<Rule> apply =
        Stream.concat(
                file.stream().filter(rule -> rule.user == -1 || rule.user == visitor.user),
                visitor.user < 0 ? Stream.empty() : own.stream())
            .filter(rule -> rule.rights.contains(right) && holds(rule.condition, visitor))
            .toList();
    return apply.stream().allMatch(Rule::allows) && !apply.isEmpty();
  }

  private static String expected(Task task, Visitor visitor, Set<Right> rights) {
    boolean root = rights.contains(Right.ROOT) && visitor.accessPoint != 0; // Which is user 1000's.
    if (!rights.contains(Right.MOUNT)) {
      return "refused";
    }
    return switch (task) {
      case LOOK -> "OK";
      case READ_OF_ROOT -> root ? "OK" : "ACCESS";
      case MAKE_DIRECTORY -> rights.contains(Right.WRITE) ? "OK" : "ROFS";
      case TAKE_FROM_ROOT -> !rights.contains(Right.WRITE) ? "ROFS" : root ? "OK" : "PERM";
    };
  }

  /** What a visitor is told of each task. */
  private Map<Task, String> answers(Visitor visitor) {
    Map<Task, String> answers = new EnumMap<>(Task.class);
    try (NfsClient client = mount(visitor)) {
      for (Task task : Task.values()) {
        answers.put(task, answer(client, task));
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("refused");
      Stream.of(Task.values()).forEach(task -> answers.put(task, "refused"));
    }
    return answers;
  }

  private String answer(NfsClient client, Task task) throws IOException {
    try {
      switch (task) {
        case LOOK -> client.readdir(client.root());
        case READ_OF_ROOT -> client.readAll(client.lookup("/secret"));
        case MAKE_DIRECTORY -> client.mkdir(client.root(), "d" + ++made, 0777);
        case TAKE_FROM_ROOT -> client.setattr(client.lookup("/secret"), owner());
      }
      return "OK";
    } catch (NfsFailure e) {
      assertThat(e.status()).isIn(Status.ACCESS, Status.PERM, Status.ROFS);
      return e.status().name();
    }
  }

  private static NewAttributes owner() {
    return NewAttributes.none().owner("0").group("0"); // Root alone may, and nothing changes.
  }

  private NfsClient mount(Visitor visitor) throws IOException {
    if (!visitor.tls) {
      return rig.mountPlain(fileSystem, 1, Credentials.ROOT);
    }
    MountCertificate shown =
        visitor.user < 0
            ? rig.certificate(fileSystem)
            : rig.certificate(fileSystem, keys.get(visitor.user));
    if (visitor.accessPoint >= 0) {
      shown = shown.accessPoint(accessPoints.get(visitor.accessPoint));
    }
    return rig.mount(fileSystem, 1, shown, Credentials.ROOT);
  }
}
