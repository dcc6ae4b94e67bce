package tidefs.server.config;

import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tidefs.control.AvailabilityZone;
import tidefs.control.Network;
import tidefs.control.Quotas;
import tidefs.control.Subnet;
import tidefs.control.Timing;
import tidefs.control.Vpc;
import tidefs.fs.throughput.Caps;

/** A configuration written as the file that would give it: every key, whether default or not. */
public final class ConfigurationText {
  private final StringBuilder text = new StringBuilder();

  private ConfigurationText() {}

  /** The file. */
  public static String of(Configuration configuration) {
    ConfigurationText writer = new ConfigurationText();
    writer.line("data", quoted(configuration.data().toString()));
    writer.line("profile", Values.word(configuration.profile()));
    writer.line("region", configuration.account().region());
    writer.line("account", quoted(configuration.account().id()));
    writer.api(configuration.api());
    writer.nfs(configuration.nfs());
    writer.tls(configuration.tls());
    writer.issuers(configuration.issuers());
    writer.dns(configuration.dns());
    writer.network(configuration.network());
    writer.timing(configuration.timing());
    writer.quotas(configuration.quotas());
    writer.memory(configuration.memory());
    writer.storage(configuration.storage());
    writer.throughput(configuration.throughput());
    writer.mail(configuration.mail());
    writer.line("encryption", "");
    configuration
        .encryption()
        .lines()
        .forEach(line -> writer.text.append("  ").append(line).append('\n'));
    writer.copies(configuration.copies());
    writer.line("log", "");
    writer.line("  level", Values.word(configuration.log().level()));
    writer.line("  format", Values.word(configuration.log().format()));
    return writer.text.toString();
  }

  private void api(ApiSettings api) {
    line("api", "");
    line("  address", quoted(Values.text(api.address())));
    line("  insecure", api.insecure());
  }

  private void nfs(NfsSettings nfs) {
    line("nfs", "");
    line("  port", nfs.port());
    line("  shared", quoted(nfs.shared().map(Values::text).orElse(NfsSettings.OFF)));
    line("  lease-seconds", nfs.lease().toSeconds());
    line("  grace-seconds", nfs.grace().toSeconds());
    line("  slots", nfs.slots());
    line("  share-deny", nfs.shareDeny());
    line("  extensions", nfs.extensions());
    line("  connections", nfs.connections());
    line("  event-loops", nfs.eventLoops());
    line("  transport", nfs.transport().map(Values::word).orElse(NfsSettings.AUTO));
    line("  workers", nfs.workers());
  }

  private void tls(TlsSettings tls) {
    line("tls", "");
    line("  enabled", tls.enabled());
    line("  suffix", quoted(tls.suffix()));
    line(
        "  names",
        tls.names().stream()
            .map(ConfigurationText::quoted)
            .collect(Collectors.joining(", ", "[", "]")));
    line("  certificate", quoted(tls.certificate().map(Path::toString).orElse(TlsSettings.AUTO)));
    line("  key", quoted(tls.key().map(Path::toString).orElse(TlsSettings.AUTO)));
  }

  private void network(Network network) {
    line("network", "");
    line("  zones", "");
    for (AvailabilityZone zone : network.zones()) {
      line("    - name", quoted(zone.name()));
      line("      id", quoted(zone.id()));
    }
    line("  vpcs", "");
    for (Vpc vpc : network.vpcs()) {
      line("    - id", vpc.id());
      line("      cidr", vpc.cidr());
      line("      default-security-group", vpc.defaultSecurityGroup());
      line("      default", vpc.isDefault());
    }
    line("  subnets", "");
    for (Subnet subnet : network.subnets()) {
      line("    - id", subnet.id());
      line("      vpc", subnet.vpcId());
      line("      zone", quoted(subnet.zoneName()));
      line("      cidr", subnet.cidr());
      line(
          "      addresses",
          subnet.assignable().stream()
              .map(Inet4Address::getHostAddress)
              .collect(Collectors.joining(", ", "[", "]")));
    }
  }

  private void memory(MemorySettings memory) {
    line("memory", "");
    line("  metadata-mib", memory.metadataBytes() >> 20);
    line("  dirty-mib", memory.dirtyBytes() >> 20);
    line("  inode-cache-mib", memory.inodeCacheBytes() >> 20);
    line("  name-cache-entries", memory.nameCacheEntries());
  }

  private void storage(StorageSettings storage) {
    line("storage", "");
    line("  standard", storage.standard().isEmpty() ? "[]" : "");
    for (StorageSettings.StandardPlace place : storage.standard()) {
      line("    - zone", quoted(place.zone().orElse("")));
      line("      directory", quoted(place.folder().map(Path::toString).orElse("")));
    }
    places("infrequent-access", storage.infrequentAccess());
    places("archive", storage.archive());
    line("  move-mibps", storage.moveMibps());
    line("  cold-cache-mib", storage.coldCacheBytes() >> 20);
  }

  private void places(String key, List<StorageSettings.Place> places) {
    line("  " + key, places.isEmpty() ? "[]" : "");
    for (StorageSettings.Place place : places) {
      line("    - zone", quoted(place.zone().orElse("")));
      switch (place.kind()) {
        case StorageSettings.Folder(Path path) -> line("      directory", quoted(path.toString()));
        case StorageSettings.S3 s3 -> {
          line("      endpoint", quoted(s3.endpoint().toString()));
          line("      region", quoted(s3.region()));
          line("      bucket", quoted(s3.bucket()));
          line("      prefix", quoted(s3.prefix()));
          line("      access-key-id", quoted(s3.accessKeyId()));
          line("      secret-key-file", quoted(s3.secretKeyFile().toString()));
        }
      }
    }
  }

  private void throughput(ThroughputSettings throughput) {
    Caps custom = throughput.custom();
    line("throughput", "");
    line("  profile", Values.word(throughput.kind()));
    line("  read-mibps", custom.readBytesPerSecond() >> 20);
    line("  write-mibps", custom.writeBytesPerSecond() >> 20);
    line("  client-mibps", custom.clientBytesPerSecond() >> 20);
    line("  read-operations", custom.readOperationsPerSecond());
    line("  write-operations", custom.writeOperationsPerSecond());
  }

  private void mail(MailSection mail) {
    line("mail", "");
    line("  smtp", quoted(mail.smtp()));
    line("  from", quoted(mail.from()));
    line("  user", quoted(mail.user()));
    line("  password-file", quoted(mail.passwordFile()));
    line("  require-tls", mail.requireTls());
  }

  private void copies(CopySettings copies) {
    line("replication", "");
    line("  interval-seconds", copies.pause().toSeconds());
    if (!copies.regions().isEmpty()) {
      line("  regions", "");
      for (CopySettings.Region region : copies.regions()) {
        line("    - name", quoted(region.name()));
        line("      url", quoted(region.url().toString()));
        line("      key-id", quoted(region.keyId()));
        line("      secret-file", quoted(region.secretFile()));
      }
    }
    line("backup", "");
    line("  folder", quoted(copies.backups()));
    line("  interval-minutes", copies.every().toMinutes());
    line("  keep-days", copies.keep().toDays());
  }

  private void timing(Timing timing) {
    line("states", "");
    line("  creating-ms", timing.creating().toMillis());
    line("  updating-ms", timing.updating().toMillis());
    line("  deleting-ms", timing.deleting().toMillis());
  }

  private void issuers(List<IssuerSettings> issuers) {
    line("iam", "");
    line("  issuers", issuers.isEmpty() ? "[]" : "");
    for (IssuerSettings issuer : issuers) {
      line("    - url", quoted(issuer.url()));
      line("      keys", quoted(issuer.keys()));
      line(
          "      audiences",
          issuer.audiences().stream()
              .map(ConfigurationText::quoted)
              .collect(Collectors.joining(", ", "[", "]")));
    }
  }

  private void dns(DnsSettings dns) {
    line("dns", "");
    line("  address", quoted(dns.address().map(Values::text).orElse(DnsSettings.OFF)));
    line("  ttl-seconds", dns.ttlSeconds());
  }

  private void quotas(Quotas quotas) {
    line("quotas", "");
    line("  file-systems", quotas.fileSystems());
    line("  access-points", quotas.accessPoints());
    line("  mount-targets", quotas.mountTargets());
  }

  /** A key, indented, and its value; none for a key with keys or items below it. */
  private void line(String key, Object value) {
    text.append((key + ": " + value).stripTrailing()).append('\n');
  }

  /** A word as it is, if YAML takes it for one; anything else in double quotes. */
  static String quoted(String value) {
    if (value.matches("[A-Za-z/.][A-Za-z0-9/._-]*")) {
      return value;
    }
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
