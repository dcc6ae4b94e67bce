package tidefs.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.control.Account;
import tidefs.control.Network;
import tidefs.control.Quotas;
import tidefs.control.Timing;

/**
 * Everything that an operator decides. {@code docs/configuration.md} says what each key means.
 *
 * @param data the folder that holds everything the server keeps
 * @param profile what the defaults aim at
 * @param issuers whose tokens may stand for roles
 * @param timing how long resources of the API stay in passing states
 * @param quotas how many resources of the API there may be
 */
public record Configuration(
    Path data,
    Profile profile,
    Account account,
    ApiSettings api,
    NfsSettings nfs,
    TlsSettings tls,
    List<IssuerSettings> issuers,
    DnsSettings dns,
    Network network,
    Timing timing,
    Quotas quotas,
    MemorySettings memory,
    StorageSettings storage,
    ThroughputSettings throughput,
    MailSection mail,
    EncryptionSettings encryption,
    LogSettings log,
    CopySettings copies) {
  /** Copies the list. */
  public Configuration {
    issuers = List.copyOf(issuers);
  }

  private static final String REGION = "us-east-1";
  private static final String ACCOUNT = "000000000000";

  /** Reads a file, or the defaults if there is none; options of the command line go first. */
  public static Configuration load(Optional<Path> file, Options options) {
    Map<String, Source.Option> overrides = options.overrides();
    return read(
        file.map(path -> Source.file(path, overrides))
            .orElseGet(() -> new Source("defaults", "", overrides)));
  }

  static Configuration read(Source source) {
    Section in = source.root();
    Path data = in.value("data", "data", Configuration::path);
    Profile profile = in.value("profile", "standard", text -> Values.oneOf(Profile.class, text));
    String region = in.value("region", REGION, text -> new Account(ACCOUNT, text).region());
    String id = in.value("account", ACCOUNT, text -> new Account(text, REGION).id());
    Configuration configuration =
        new Configuration(
            data,
            profile,
            new Account(id, region),
            ApiSettings.read(in.section("api")),
            NfsSettings.read(in.section("nfs"), profile),
            TlsSettings.read(in.section("tls")),
            IssuerSettings.read(in.section("iam")),
            DnsSettings.read(in.section("dns")),
            NetworkReader.read(in.section("network"), region),
            timing(in.section("states")),
            quotas(in.section("quotas")),
            MemorySettings.read(in.section("memory")),
            StorageSettings.read(in.section("storage")),
            ThroughputSettings.read(in.section("throughput")),
            MailSection.read(in.section("mail")),
            EncryptionSettings.read(in.section("encryption")),
            LogSettings.read(in.section("log")),
            CopySettings.read(in.section("replication"), in.section("backup")));
    in.end();
    return configuration;
  }

  private static Timing timing(Section in) {
    Timing timing =
        new Timing(
            Duration.ofMillis(in.integer("creating-ms", 250, 0, 60_000)),
            Duration.ofMillis(in.integer("updating-ms", 250, 0, 60_000)),
            Duration.ofMillis(in.integer("deleting-ms", 250, 0, 60_000)));
    in.end();
    return timing;
  }

  private static Quotas quotas(Section in) {
    Quotas standard = Quotas.DEFAULT;
    Quotas quotas =
        new Quotas(
            in.integer("file-systems", standard.fileSystems(), 1, 100_000),
            in.integer("access-points", standard.accessPoints(), 1, 100_000),
            in.integer("mount-targets", standard.mountTargets(), 1, 100_000));
    in.end();
    return quotas;
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is empty; it names a folder");
    }
    return Path.of(text);
  }
}
