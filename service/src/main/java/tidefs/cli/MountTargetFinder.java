package tidefs.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a file system can be mounted: as the user says, as the API tells, or as DNS does. */
final class MountTargetFinder {
  private static final Pattern OBJECT = Pattern.compile("\\{[^{}]*\"MountTargetId\"[^{}]*}");
  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"]*)\"");

  private final Endpoint endpoint;
  private final Host host;
  private final String suffix;

  MountTargetFinder(Endpoint endpoint, Host host, String suffix) {
    this.endpoint = endpoint;
    this.host = host;
    this.suffix = suffix;
  }

  /** The address to connect to. */
  InetSocketAddress find(String fileSystem, Optional<String> said, int port) {
    if (said.isPresent()) {
      return new InetSocketAddress(
          host.resolve(said.get())
              .orElseThrow(
                  () -> failed(said.get() + " is no address, and no name that can be resolved.")),
          port);
    }
    Optional<Endpoint.Answer> answer;
    try {
      answer = endpoint.get("elasticfilesystem", "/2015-02-01/mount-targets", query(fileSystem));
    } catch (Endpoint.Unreachable e) {
      return new InetSocketAddress(byName(fileSystem), port);
    }
    String found =
        answer
            .orElseThrow(() ->
                failed(
                    "there is no file system "
                        + fileSystem
                        + " at "
                        + endpoint.url()
                        + ". List them: aws efs describe-file-systems --endpoint-url "
                        + endpoint.url()))
            .body();
    return new InetSocketAddress(ofAnswer(fileSystem, found), port);
  }

  private static String query(String fileSystem) {
    return "FileSystemId=" + fileSystem;
  }

  private InetAddress ofAnswer(String fileSystem, String json) {
    List<String> states = new ArrayList<>();
    Matcher objects = OBJECT.matcher(json);
    while (objects.find()) {
      String state = "";
      String ip = "";
      Matcher members = MEMBER.matcher(objects.group());
      while (members.find()) {
        switch (members.group(1)) {
          case "LifeCycleState" -> state = members.group(2);
          case "IpAddress" -> ip = members.group(2);
          default -> {} // The rest is not needed.
        }
      }
      if (state.equals("available")) {
        String literal = ip;
        return host.resolve(ip)
            .orElseThrow(() -> failed("the server says a strange address: " + literal));
      }
      states.add(state);
    }
    if (states.isEmpty()) {
      throw failed(
          fileSystem
              + " has no mount target. Make one: aws efs create-mount-target"
              + " --file-system-id "
              + fileSystem
              + " --subnet-id SUBNET --endpoint-url "
              + endpoint.url()
              + " ('tidefs subnets' lists the subnets).");
    }
    throw failed(
        "no mount target of "
            + fileSystem
            + " can be used yet; they are "
            + states
            + ". Wait until one is available.");
  }

  private InetAddress byName(String fileSystem) {
    String name = fileSystem + ".efs." + endpoint.region() + "." + suffix;
    return host.resolve(name)
        .orElseThrow(() ->
            failed(
                "the address of "
                    + fileSystem
                    + " cannot be found: no server answers at "
                    + endpoint.url()
                    + ", and the name "
                    + name
                    + " cannot be resolved. Name the"
                    + " API with --endpoint-url, or a mount target's address with --address."));
  }

  private static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message);
  }
}
