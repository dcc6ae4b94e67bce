package tidefs.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidefs.Checkout;
import tidefs.control.Network;

final class ConfigurationTest {
  private static final Configuration DEFAULTS = read("");

  private static final String WHOLE =
      """
      data: /srv/tide fs
      profile: efs-strict
      region: eu-central-1
      account: "123456789012"
      api:
        address: "[::1]:80"
        insecure: true
      nfs:
        port: 3049
        shared: "0.0.0.0:2049"
        lease-seconds: 20
        grace-seconds: 0
        slots: 16
        share-deny: true
        extensions: true
        connections: 7
        event-loops: 3
        transport: nio
        workers: 9
      network:
        zones:
          - { name: eu-central-1a, id: euc1-az2 }
        vpcs:
          - id: vpc-12345678
            cidr: 10.0.0.0/16
            default-security-group: sg-12345678
            default: true
        subnets:
          - id: subnet-12345678
            vpc: vpc-12345678
            zone: eu-central-1a
            cidr: 10.0.1.0/24
            addresses: [10.0.1.7, 10.0.1.8]
      iam:
        issuers:
          - url: https://tokens.example.org/id/1
            keys: /etc/tidefs/keys.json
            audiences: [one, two]
      dns:
        address: 10.0.1.7:5353
        ttl-seconds: 5
      quotas:
        file-systems: 11
        access-points: 12
        mount-targets: 13
      states:
        creating-ms: 1
        updating-ms: 2
        deleting-ms: 3
      memory:
        metadata-mib: 64
        dirty-mib: 65
        inode-cache-mib: 66
        name-cache-entries: 6700
      throughput:
        profile: custom
        read-mibps: 30
        write-mibps: 31
        client-mibps: 32
        read-operations: 33
        write-operations: 34
      mail:
        smtp: relay.example.org:587
        from: tidefs@example.org
        user: tidefs
        password-file: /etc/tidefs/mail-password
        require-tls: false
      log:
        level: debug
        format: json
      """;

  @Test
  void everyKeyHasADefault() {
    assertThat(DEFAULTS.network()).isEqualTo(Network.loopback("us-east-1"));
    assertThat(DEFAULTS.api().insecure()).isFalse();
  }

  @Test
  void strictProfileTurnsExtensionsOffUnlessTheyAreAskedFor() {
    assertThat(DEFAULTS.nfs().extensions()).isTrue();
    assertThat(read("profile: efs-strict").nfs().extensions()).isFalse();
    assertThat(read(WHOLE).nfs().extensions()).isTrue();
  }

  @Test
  void everyKeyCanBeSet() {
    Configuration read = read(WHOLE);
    assertThat(read.data()).isEqualTo(Path.of("/srv/tide fs"));
    assertThat(read.nfs().lease()).isEqualTo(Duration.ofSeconds(20));
    assertThat(read.network().subnets().getFirst().assignable()).hasSize(2);
    assertThat(read.log())
        .isEqualTo(new LogSettings(LogSettings.Level.DEBUG, LogSettings.Format.JSON));
    assertThat(read).isNotEqualTo(DEFAULTS);
  }

  @Test
  void whatIsPrintedReadsAsTheSame() {
    assertThat(read(ConfigurationText.of(DEFAULTS))).isEqualTo(DEFAULTS);
    assertThat(read(ConfigurationText.of(read(WHOLE)))).isEqualTo(read(WHOLE));
  }

  @Test
  void printingLeavesNoKeyOut() {
    Source printed = source(ConfigurationText.of(read(WHOLE)));
    Configuration.read(printed);
    assertThat(printed.keys()).allSatisfy((path, key) -> assertThat(key.given()).as(path).isTrue());
  }

  @Test
  void documentationAgreesWithTheCode() {
    String document = Checkout.text(Checkout.ROOT.resolve("docs/configuration.md"));
    String example = document.replaceAll("(?s).*?```yaml\n# All defaults\n(.*?)```.*", "$1");
    Source source = source(example);
    assertThat(Configuration.read(source)).isEqualTo(DEFAULTS);
    assertThat(source.keys())
        .allSatisfy((path, key) -> {
          assertThat(key.given()).as("the example shows " + path).isTrue();
          String standard = key.standard().isEmpty() ? "none" : "`" + key.standard() + "`";
          assertThat(document)
              .as("the table tells " + path)
              .contains("| `" + path + "` | " + standard + " |");
        });
    Source whole = source(WHOLE); // Lists that are empty by default show their keys here alone.
    Configuration.read(whole);
    assertThat(document.lines().filter(line -> line.startsWith("| `")).count())
        .as("the table tells of no other key")
        .isEqualTo(whole.keys().size());
  }

  @Test
  void theRegionOfAnOptionIsThatOfTheNetwork() {
    Options options =
        new Options(
            Optional.of("/tmp/x"),
            Optional.of("127.0.0.1:0"),
            Optional.of("eu-west-1"),
            Optional.of("000000000001"),
            true);
    Configuration read =
        Configuration.read(new Source("a.yaml", "region: us-west-2", options.overrides()));
    assertThat(read.account().region()).isEqualTo("eu-west-1");
    assertThat(read.network()).isEqualTo(Network.loopback("eu-west-1"));
    assertThat(read.data()).isEqualTo(Path.of("/tmp/x"));
    assertThat(read.api().insecure()).isTrue();
  }

  @Test
  void anOptionIsRefusedByItsName() {
    Options options =
        new Options(
            Optional.empty(), Optional.of("here"), Optional.empty(), Optional.empty(), false);
    assertThatThrownBy(() -> Configuration.read(new Source("a.yaml", "", options.overrides())))
        .hasMessageStartingWith("--api: 'here' is not an address and a port");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          nfs: {port: abc}        | a.yaml:1:13: nfs.port: 'abc' is not a whole number from 1 to
          nfs: {port: 0}          | a.yaml:1:13: nfs.port: '0' is not a whole number from 1 to
          nfs: {port: 99999999999}| a.yaml:1:13: nfs.port: '99999999999' is not
          nfs: {prot: 1}          | a.yaml:1:7: nfs.prot: is unknown; 'port' is meant?
          nfs: {pineapple: 1}     | a.yaml:1:7: nfs.pineapple: is unknown; the keys here are port,
          nfs: 2049               | a.yaml:1:6: nfs: must be a mapping
          nfs: {port: [1]}        | a.yaml:1:13: nfs.port: must be a single value
          nfs: {port: }           | nfs.port: has no value; leave the key out
          region: x, region: y    | a.yaml:1:18: this is not YAML
          region: nowhere         | 'nowhere' is not the name of a Region
          account: 12             | account id '12' is not 12 digits
          api: {insecure: yes}    | a.yaml:1:17: api.insecure: 'yes' is neither true nor false
          api: {address: localhost:1} | 'localhost' is not an IP address
          api: {address: '::1:80'} | is not an address and a port, such as
          log: {level: loud}      | a.yaml:1:14: log.level: 'loud' is none of error, warn, info
          nfs: {transport: pigeon} | nfs.transport: 'pigeon' is none of io-uring, epoll, nio
          network: {zones: []}    | network: needs all of zones, vpcs and subnets
          network: {zones: 1}     | network.zones: must be a list
          data: ''                | data: is empty
          - a                     | a.yaml:1:1: must be a mapping
          """)
  void whatIsWrongIsToldWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aKeyMayStandOnlyOnce() {
    assertThatThrownBy(() -> read("nfs:\n  port: 1\n  port: 2\n"))
        .hasMessage("a.yaml:3:3: nfs.port: stands here a second time");
  }

  @Test
  void aSubnetOutsideOfItsVpcIsRefused() {
    assertThatThrownBy(() -> read(WHOLE.replace("10.0.1.", "10.1.1.")))
        .hasMessageContaining("a.yaml:21:3: network: subnet subnet-12345678 does not lie in");
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("tidefs.yaml");
    assertThatThrownBy(() -> Configuration.load(Optional.of(file), Options.NONE))
        .hasMessage("there is no configuration file " + file);
  }

  private static Configuration read(String text) {
    return Configuration.read(source(text));
  }

  private static Source source(String text) {
    return new Source("a.yaml", text, Map.of());
  }
}
