package tidefs.control;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The values of standing resources as bytes; part of {@link ResourceCodec}. */
final class StandingCodec {
  private StandingCodec() {}

  static void write(DataOutputStream out, Standing resource) throws IOException {
    switch (resource) {
      case SecurityGroup it -> writeGroup(out, it);
      case Vpc it -> {
        out.writeUTF(it.cidr().toString());
        out.writeUTF(it.defaultSecurityGroup());
        out.writeBoolean(it.isDefault());
      }
      case Subnet it -> {
        out.writeUTF(it.vpcId());
        out.writeUTF(it.zoneName());
        out.writeUTF(it.cidr().toString());
        out.writeInt(it.assignable().size());
        for (Inet4Address address : it.assignable()) {
          out.write(address.getAddress());
        }
      }
      case KmsKey it -> {
        out.writeUTF(it.description());
        ResourceCodec.writeInstant(out, it.creation());
        out.writeInt(it.aliases().size());
        for (String alias : it.aliases()) {
          out.writeUTF(alias);
        }
        out.writeBoolean(it.deletion().isPresent());
        if (it.deletion().isPresent()) {
          ResourceCodec.writeInstant(out, it.deletion().get());
        }
        ResourceCodec.writeTags(out, it.tags());
        if (!it.enabled()) { // Its absence means enabled, as in the first version of the format.
          out.writeBoolean(false);
        }
      }
      case Replication it -> writeReplication(out, it);
    }
  }

  private static void writeReplication(DataOutputStream out, Replication it) throws IOException {
    out.writeUTF(it.sourceRegion());
    ResourceCodec.writeInstant(out, it.creationTime());
    out.writeUTF(it.destination().fileSystemId());
    out.writeUTF(it.destination().region());
    out.writeUTF(it.destination().ownerId());
    ResourceCodec.writeString(out, it.destination().roleArn());
    out.writeUTF(it.status().name());
    out.writeBoolean(it.progress().complete());
    out.writeBoolean(it.progress().lastReplicated().isPresent());
    if (it.progress().lastReplicated().isPresent()) {
      ResourceCodec.writeInstant(out, it.progress().lastReplicated().get());
    }
    out.writeUTF(it.progress().message());
  }

  static Replication readReplication(DataInputStream in, String id) throws IOException {
    String region = in.readUTF();
    var created = ResourceCodec.readInstant(in);
    Replication.Destination destination =
        new Replication.Destination(
            in.readUTF(), in.readUTF(), in.readUTF(), ResourceCodec.readString(in));
    Replication.Status status = Replication.Status.valueOf(in.readUTF());
    boolean complete = in.readBoolean();
    Optional<Instant> last =
        in.readBoolean() ? Optional.of(ResourceCodec.readInstant(in)) : Optional.empty();
    Replication.Progress progress = new Replication.Progress(complete, last, in.readUTF());
    return new Replication(id, region, created, destination, status, progress);
  }

  private static void writeGroup(DataOutputStream out, SecurityGroup it) throws IOException {
    out.writeUTF(it.vpcId());
    out.writeUTF(it.name());
    out.writeUTF(it.description());
    writeRules(out, it.ingress());
    ResourceCodec.writeTags(out, it.tags());
    writeRules(out, it.egress());
  }

  private static void writeRules(DataOutputStream out, List<SecurityGroup.Rule> rules)
      throws IOException {
    out.writeInt(rules.size());
    for (SecurityGroup.Rule rule : rules) {
      out.writeUTF(rule.id());
      out.writeUTF(rule.protocol());
      out.writeInt(rule.fromPort());
      out.writeInt(rule.toPort());
      switch (rule.source()) {
        case SecurityGroup.Source.Block(String cidr) -> {
          out.writeByte('4');
          out.writeUTF(cidr);
        }
        case SecurityGroup.Source.Ipv6Block(String cidr) -> {
          out.writeByte('6');
          out.writeUTF(cidr);
        }
        case SecurityGroup.Source.Group(String id) -> {
          out.writeByte('g');
          out.writeUTF(id);
        }
      }
      out.writeUTF(rule.description());
    }
  }

  static SecurityGroup readGroup(DataInputStream in, String id) throws IOException {
    String vpc = in.readUTF();
    String name = in.readUTF();
    String description = in.readUTF();
    List<SecurityGroup.Rule> ingress = readRules(in);
    Tags tags = ResourceCodec.readTags(in);
    List<SecurityGroup.Rule> egress = // Before there were any, everything might go out.
        in.available() > 0 ? readRules(in) : List.of(SecurityGroup.everywhere(id));
    return new SecurityGroup(id, vpc, name, description, ingress, egress, tags);
  }

  private static List<SecurityGroup.Rule> readRules(DataInputStream in) throws IOException {
    List<SecurityGroup.Rule> rules = new ArrayList<>();
    for (int rest = in.readInt(); rest > 0; rest--) {
      String rule = in.readUTF();
      String protocol = in.readUTF();
      int from = in.readInt();
      int to = in.readInt();
      SecurityGroup.Source source = source(in.readByte(), in.readUTF());
      rules.add(new SecurityGroup.Rule(rule, protocol, from, to, source, in.readUTF()));
    }
    return rules;
  }

  private static SecurityGroup.Source source(byte kind, String text) {
    return switch (kind) {
      case '4' -> new SecurityGroup.Source.Block(text);
      case '6' -> new SecurityGroup.Source.Ipv6Block(text);
      case 'g' -> new SecurityGroup.Source.Group(text);
      default -> throw new IllegalStateException("a source is of a kind unknown here");
    };
  }

  static Vpc readVpc(DataInputStream in, String id) throws IOException {
    return new Vpc(id, Cidr.parse(in.readUTF()), in.readUTF(), in.readBoolean());
  }

  static Subnet readSubnet(DataInputStream in, String id) throws IOException {
    String vpc = in.readUTF();
    String zone = in.readUTF();
    Cidr cidr = Cidr.parse(in.readUTF());
    List<Inet4Address> assignable = new ArrayList<>();
    for (int rest = in.readInt(); rest > 0; rest--) {
      assignable.add((Inet4Address) InetAddress.getByAddress(in.readNBytes(4)));
    }
    return new Subnet(id, vpc, zone, cidr, assignable);
  }

  static KmsKey readKey(DataInputStream in, String id) throws IOException {
    String description = in.readUTF();
    var creation = ResourceCodec.readInstant(in);
    List<String> aliases = new ArrayList<>();
    for (int rest = in.readInt(); rest > 0; rest--) {
      aliases.add(in.readUTF());
    }
    var deletion =
        in.readBoolean()
            ? Optional.of(ResourceCodec.readInstant(in))
            : Optional.<java.time.Instant>empty();
    Tags tags = ResourceCodec.readTags(in);
    boolean enabled = in.available() == 0 || in.readBoolean();
    return new KmsKey(id, description, creation, aliases, deletion, enabled, tags);
  }
}
