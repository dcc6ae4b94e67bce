package tidefs.server.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidefs.control.LifeCycleState;
import tidefs.control.MountTargetDescription;
import tidefs.control.Network;
import tidefs.control.Subnet;

/**
 * What the names of file systems stand for ("Mounting on Amazon EC2 with a DNS name"): {@code
 * fs-ID.efs.REGION.SUFFIX} for the mount target in the zone of whoever asks, or in any zone if he
 * is in none that has one; {@code ZONE.fs-ID.efs.REGION.SUFFIX} for that in a zone, which is given
 * by its name or by the id that all accounts share.
 */
final class FileSystemNames {
  private final Pattern name;
  private final String zone;
  private final Supplier<Network> network;
  private final Function<String, List<MountTargetDescription>> mountTargets;

  /** The names in a Region, over the mount targets of a file system that may not exist. */
  FileSystemNames(
      Supplier<Network> network,
      String suffix,
      Function<String, List<MountTargetDescription>> mountTargets) {
    this.network = network;
    this.mountTargets = mountTargets;
    zone = ("efs." + network.get().region() + "." + suffix + ".").toLowerCase(Locale.ROOT);
    name = Pattern.compile("(?:([a-z0-9-]{1,63})\\.)?(fs-[0-9a-f]{8,40})\\." + Pattern.quote(zone));
  }

  /** What is known about a name. */
  sealed interface Answer {
    /** It is none of ours. */
    record Elsewhere() implements Answer {}

    /** It would be one of ours, and does not exist. */
    record Nothing() implements Answer {}

    /** It exists. */
    record Found(Inet4Address address) implements Answer {}
  }

  /** What a name, with its last dot, stands for when {@code client} asks. */
  Answer answer(String asked, InetAddress client) {
    String wanted = asked.toLowerCase(Locale.ROOT);
    if (!wanted.equals(zone) && !wanted.endsWith("." + zone)) {
      return new Answer.Elsewhere();
    }
    Matcher matcher = name.matcher(wanted);
    if (!matcher.matches()) {
      return new Answer.Nothing();
    }
    List<MountTargetDescription> served =
        mountTargets.apply(matcher.group(2)).stream()
            .filter(it -> it.mountTarget().state() == LifeCycleState.AVAILABLE)
            .toList();
    String zoneAsked = matcher.group(1);
    Optional<MountTargetDescription> found =
        zoneAsked == null
            ? near(served, client).or(() -> served.stream().findFirst())
            : served.stream().filter(it -> isIn(it, zoneAsked)).findFirst();
    return found
        .<Answer>map(it -> new Answer.Found(it.mountTarget().address()))
        .orElseGet(Answer.Nothing::new);
  }

  private static boolean isIn(MountTargetDescription target, String zoneAsked) {
    return target
        .zone()
        .filter(it -> it.name().equals(zoneAsked) || it.id().equals(zoneAsked))
        .isPresent();
  }

  private Optional<MountTargetDescription> near(
      List<MountTargetDescription> served, InetAddress client) {
    if (!(client instanceof Inet4Address address)) {
      return Optional.empty();
    }
    Optional<String> zoneOfClient =
        network.get().subnets().stream()
            .filter(subnet -> subnet.cidr().contains(address))
            .map(Subnet::zoneName)
            .findFirst();
    return zoneOfClient.flatMap(near -> served.stream().filter(it -> isIn(it, near)).findFirst());
  }
}
