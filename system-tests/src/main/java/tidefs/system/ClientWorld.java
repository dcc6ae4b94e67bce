package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** File systems, access points, users and policies for tests of who may mount what. */
final class ClientWorld {
  private static final String MOUNT = "elasticfilesystem:ClientMount";
  private static final String WRITE = "elasticfilesystem:ClientWrite";
  private static final String ROOT = "elasticfilesystem:ClientRootAccess";
  private static final String GROUP = "sg-0a1b2c3d4e5f60718";
  private static final String ACCOUNT = "000000000000";
  private static final Pattern ID = Pattern.compile("<AccessKeyId>([A-Z0-9]+)</AccessKeyId>");
  private static final Pattern SECRET =
      Pattern.compile("<SecretAccessKey>([^<]+)</SecretAccessKey>");

  private final EfsApi api;
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final Map<String, List<String>> allowed = new LinkedHashMap<>();
  private final String open;
  private final String guarded;
  private final String project;
  private final String missing;
  private final String guardedProject;

  /** An access key. */
  record Key(String id, String secret) {}

  /** A server's configuration with one subnet, 127.{@code net}.0.0/24, and the NFS port of EFS. */
  static String configuration(int net, String suffix) {
    return """
    nfs:
      port: 2049
      lease-seconds: 10
      grace-seconds: 0
    tls:
      suffix: %2$s
    network:
      zones:
        - name: us-east-1a
          id: use1-az1
      vpcs:
        - id: vpc-0a1b2c3d4e5f60718
          cidr: 127.%1$d.0.0/16
          default-security-group: sg-0a1b2c3d4e5f60718
          default: true
      subnets:
        - id: subnet-0a1b2c3d4e5f60718
          vpc: vpc-0a1b2c3d4e5f60718
          zone: us-east-1a
          cidr: 127.%1$d.0.0/24
    """
        .formatted(net, suffix);
  }

  static ClientWorld create(EfsApi api) {
    return new ClientWorld(api);
  }

  private ClientWorld(EfsApi api) {
    this.api = api;
    // Clients come from addresses that are not of the VPC: its own group would not admit them.
    api.form(
        "ec2",
        "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId="
            + GROUP
            + "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=2049"
            + "&IpPermissions.1.ToPort=2049&IpPermissions.1.IpRanges.1.CidrIp=127.0.0.0/8");
    open = fileSystem();
    guarded = fileSystem();
    String directory =
        """
        "PosixUser":{"Uid":%d,"Gid":%d},"RootDirectory":{"Path":"%s",
        "CreationInfo":{"OwnerUid":%1$d,"OwnerGid":%2$d,"Permissions":"750"}}
        """;
    project = api.createAccessPoint(open, directory.formatted(1000, 1001, "/projects/alpha"));
    guardedProject = api.createAccessPoint(guarded, directory.formatted(2000, 2000, "/beta"));
    missing = api.createAccessPoint(open, "\"RootDirectory\":{\"Path\":\"/nowhere\"}");
    for (String user :
        List.of("full", "writer", "reader", "stranger", "banned", "identity", "temporary")) {
      user(user);
    }
    attach("identity", "AmazonElasticFileSystemClientFullAccess");
    attach("banned", "AmazonElasticFileSystemClientFullAccess");
    allowed.put("full", List.of(MOUNT, WRITE, ROOT));
    allowed.put("temporary", List.of(MOUNT, WRITE, ROOT));
    allowed.put("writer", List.of(MOUNT, WRITE));
    allowed.put("reader", List.of(MOUNT));
    putPolicy();
    user("gone");
    deleteKey("gone");
    keys.put("liar", new Key(key("full").id(), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
  }

  private String fileSystem() {
    String id = api.createFileSystem();
    addresses.put(id, api.createMountTarget(id));
    return id;
  }

  private void user(String name) {
    api.form("iam", "Action=CreateUser&Version=2010-05-08&UserName=" + name);
    String answer = api.form("iam", "Action=CreateAccessKey&Version=2010-05-08&UserName=" + name);
    keys.put(name, new Key(first(ID, answer), first(SECRET, answer)));
  }

  private static String first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
    return found.group(1);
  }

  private void attach(String user, String policy) {
    api.form(
        "iam",
        "Action=AttachUserPolicy&Version=2010-05-08&UserName=%s&PolicyArn=%s"
            .formatted(user, "arn:aws:iam::aws:policy/" + policy));
  }

  private void putPolicy() {
    String statements =
        allowed.entrySet().stream()
            .map(each -> statement("Allow", each.getKey(), each.getValue()))
            .collect(Collectors.joining(","));
    api.putPolicy(
        guarded,
        "{\"Version\":\"2012-10-17\",\"Statement\":[%s,%s]}"
            .formatted(statements, statement("Deny", "banned", List.of(MOUNT))));
  }

  private static String statement(String effect, String user, List<String> actions) {
    return """
    {"Effect":"%s","Principal":{"AWS":"arn:aws:iam::%s:user/%s"},"Action":[%s],"Resource":"*"}\
    """
        .formatted(
            effect,
            ACCOUNT,
            user,
            actions.stream().map(it -> '"' + it + '"').collect(Collectors.joining(",")));
  }

  /** Has the guarded file system's policy allow a user these actions and no others. */
  void allow(String user, String... actions) {
    allowed.put(user, List.of(actions));
    putPolicy();
  }

  /** Deletes the key of a user. */
  void deleteKey(String user) {
    api.form(
        "iam",
        "Action=DeleteAccessKey&Version=2010-05-08&UserName=%s&AccessKeyId=%s"
            .formatted(user, key(user).id()));
  }

  /** A file system without a policy. */
  String open() {
    return open;
  }

  /** A file system whose policy lets some users in. */
  String guarded() {
    return guarded;
  }

  /** An access point of the open one: user 1000, group 1001, /projects/alpha, made when needed. */
  String project() {
    return project;
  }

  /** An access point whose directory is not there. */
  String missing() {
    return missing;
  }

  /** An access point of the guarded one: user and group 2000. */
  String guardedProject() {
    return guardedProject;
  }

  /** Of each file system, the address to mount. */
  Map<String, String> addresses() {
    return addresses;
  }

  /** The access key of a user. */
  Key key(String user) {
    return Objects.requireNonNull(keys.get(user), user);
  }

  /** Of each user, the access key. */
  Map<String, Key> keys() {
    return keys;
  }
}
