package tidefs.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What a server should hold after the calls that it answered. Resources are known by names that the
 * caller chose, so that the outcome of a call is known before its answer: file systems and access
 * points by their tokens, mount targets by file system and subnet, rules by their blocks.
 */
final class ControlPlaneModel {
  private static final String SUBNET = "subnet-0000000000001270";
  private static final String GROUP = "sg-0000000000000127f";
  private static final Pattern RULE = Pattern.compile("<cidrIp>(10\\.[0-9./]+)</cidrIp>");

  private final ControlPlaneClient client;
  private final RandomGenerator chance;
  private final Map<String, String> ids = new HashMap<>();
  private SortedMap<String, String> held = new TreeMap<>();
  private int named;

  ControlPlaneModel(ControlPlaneClient client, RandomGenerator chance) {
    this.client = client;
    this.chance = chance;
  }

  /** One call, and what is held once it has been carried out. */
  private record Call(
      boolean ec2, String method, String path, String body, SortedMap<String, String> after) {}

  /** What is held, by name. */
  SortedMap<String, String> held() {
    return held;
  }

  /**
   * Makes a random call. If its answer does not come, returns what may be held instead of {@link
   * #held}; else that itself.
   */
  SortedMap<String, String> call() {
    Call call = choose();
    try {
      ControlPlaneClient.Answer answer =
          call.ec2 ? client.ec2(call.body) : client.efs(call.method, call.path, call.body);
      if (answer.status() >= 500) {
        throw new AssertionError(call + ": " + answer);
      }
      if (answer.done()) {
        held = call.after;
        learn(call, answer);
      }
      return held;
    } catch (IOException _) {
      return call.after;
    }
  }

  private void learn(Call call, ControlPlaneClient.Answer answer) {
    if (call.ec2 || answer.body().isEmpty()) {
      return;
    }
    JsonNode body = answer.json();
    for (String[] each :
        new String[][] {
          {"CreationToken", "FileSystemId"}, {"ClientToken", "AccessPointId"},
        }) {
      if (body.has(each[0]) && body.has(each[1])) {
        ids.put(body.get(each[0]).asString(), body.get(each[1]).asString());
      }
    }
    if (body.has("MountTargetId")) {
      ids.put(mountTarget(body), body.get("MountTargetId").asString());
    }
  }

  private String mountTarget(JsonNode it) {
    String owner = it.get("FileSystemId").asString();
    String token =
        ids.entrySet().stream()
            .filter(each -> each.getValue().equals(owner))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(owner);
    return "mt " + token + " " + it.get("SubnetId").asString();
  }

  private Call choose() {
    SortedMap<String, String> after = new TreeMap<>(held);
    String fileSystem = any("fs ");
    String accessPoint = any("ap ");
    String target = any("mt ");
    int kind = chance.nextInt(100);
    if (fileSystem.isEmpty() || kind < 8) {
      String token = "fs " + named++;
      after.put(token, "{}");
      return efs("POST", "file-systems", "{\"CreationToken\":\"" + token + "\"}", after);
    }
    String id = ids.get(fileSystem);
    if (kind < 35) {
      String value = "v" + named++;
      after.put(fileSystem, "{k=" + value + "}");
      String body = "{\"Tags\":[{\"Key\":\"k\",\"Value\":\"" + value + "\"}]}";
      return efs("POST", "resource-tags/" + id, body, after);
    }
    if (kind < 60) {
      String token = "ap " + fileSystem + " " + named++;
      after.put(token, "");
      String body = "{\"ClientToken\":\"" + token + "\",\"FileSystemId\":\"" + id + "\"}";
      return efs("POST", "access-points", body, after);
    }
    if (kind < 70) {
      String subnet = SUBNET + chance.nextInt(1, 4);
      after.put("mt " + fileSystem + " " + subnet, "");
      String body = "{\"FileSystemId\":\"" + id + "\",\"SubnetId\":\"" + subnet + "\"}";
      return efs("POST", "mount-targets", body, after);
    }
    if (kind < 78) {
      String block = "10.0." + chance.nextInt(256) + "." + chance.nextInt(256) + "/32";
      after.put("rule " + block, "");
      String form =
          "AuthorizeSecurityGroupIngress&GroupId="
              + GROUP
              + "&IpProtocol=tcp&FromPort=2049&ToPort=2049&CidrIp="
              + block;
      return new Call(true, "", "", form, after);
    }
    if (kind < 86 && !accessPoint.isEmpty()) {
      after.remove(accessPoint);
      return efs("DELETE", "access-points/" + ids.get(accessPoint), "", after);
    }
    if (kind < 95 && !target.isEmpty()) {
      after.remove(target);
      return efs("DELETE", "mount-targets/" + ids.get(target), "", after);
    }
    String itsAccessPoints = "ap " + fileSystem + " ";
    after.keySet().removeIf(name -> name.equals(fileSystem) || name.startsWith(itsAccessPoints));
    return efs("DELETE", "file-systems/" + id, "", after);
  }

  private static Call efs(
      String method, String path, String body, SortedMap<String, String> after) {
    return new Call(false, method, path, body, after);
  }

  private String any(String kind) {
    List<String> of = new ArrayList<>(held.subMap(kind, kind + "\uffff").keySet());
    return of.isEmpty() ? "" : of.get(chance.nextInt(of.size()));
  }

  /** What the server holds, once nothing of it is on its way any more; learns the ids. */
  SortedMap<String, String> settled() throws IOException, InterruptedException {
    for (int i = 0; i < 300; i++) {
      SortedMap<String, String> found = new TreeMap<>();
      Set<String> states = read(found);
      if (states.isEmpty() || states.equals(new TreeSet<>(List.of("available")))) {
        return found;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("resources do not come to rest");
  }

  /** Takes what was found for what is held. */
  void accept(SortedMap<String, String> found) {
    held = found;
  }

  private Set<String> read(SortedMap<String, String> found) throws IOException {
    Set<String> states = new TreeSet<>();
    Map<String, String> tokens = new HashMap<>();
    for (JsonNode it : client.all("file-systems", "FileSystems", "NextMarker", "Marker")) {
      String token = it.get("CreationToken").asString();
      tokens.put(it.get("FileSystemId").asString(), token);
      ids.put(token, it.get("FileSystemId").asString());
      SortedMap<String, String> tags = new TreeMap<>();
      for (JsonNode tag : it.get("Tags")) {
        tags.put(tag.get("Key").asString(), tag.get("Value").asString());
      }
      found.put(token, tags.toString());
      states.add(it.get("LifeCycleState").asString());
    }
    for (JsonNode it : client.all("access-points", "AccessPoints", "NextToken", "NextToken")) {
      found.put(it.get("ClientToken").asString(), "");
      ids.put(it.get("ClientToken").asString(), it.get("AccessPointId").asString());
      states.add(it.get("LifeCycleState").asString());
    }
    for (String id : tokens.keySet()) {
      String path = "mount-targets?FileSystemId=" + id;
      ControlPlaneClient.Answer answer = client.efs("GET", path, "");
      if (!answer.done()) {
        states.add("gone meanwhile");
        continue;
      }
      for (JsonNode it : answer.json().get("MountTargets")) {
        found.put(mountTarget(it), "");
        ids.put(mountTarget(it), it.get("MountTargetId").asString());
        states.add(it.get("LifeCycleState").asString());
      }
    }
    Matcher rules = RULE.matcher(client.ec2("DescribeSecurityGroups&GroupId.1=" + GROUP).body());
    while (rules.find()) {
      found.put("rule " + rules.group(1), "");
    }
    return states;
  }
}
