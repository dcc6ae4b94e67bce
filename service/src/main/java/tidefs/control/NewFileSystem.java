package tidefs.control;

import java.util.Optional;
import java.util.OptionalDouble;

/** What a caller of CreateFileSystem wants. */
public record NewFileSystem(
    String creationToken,
    PerformanceMode performanceMode,
    Encryption encryption,
    Optional<ThroughputMode> throughputMode,
    OptionalDouble provisionedMibps,
    Optional<String> zoneName,
    Optional<Boolean> backup,
    Tags tags) {
  /** Encryption at rest, and with which key: an id, alias or ARN; the default key if empty. */
  public record Encryption(boolean wanted, Optional<String> kmsKey) {}

  FileSystemKind kind(Account account, ResourceTables tables) throws ApiRefusal {
    if (!encryption.wanted() && encryption.kmsKey().isPresent()) {
      throw ApiRefusal.badRequest("KmsKeyId can be specified only if Encrypted is true.");
    }
    if (performanceMode == PerformanceMode.MAX_IO) {
      if (zoneName.isPresent()) {
        throw ApiRefusal.badRequest(
            "The maxIO performance mode is not supported for One Zone file systems.");
      }
      if (throughputMode.equals(Optional.of(ThroughputMode.ELASTIC))) {
        throw ApiRefusal.badRequest(
            "The elastic throughput mode is not supported with the maxIO performance mode.");
      }
    }
    Optional<AvailabilityZone> zone = Optional.empty();
    if (zoneName.isPresent()) {
      zone = tables.network().zone(zoneName.get());
      if (zone.isEmpty()) {
        throw new ApiRefusal(
            ErrorCode.UNSUPPORTED_AVAILABILITY_ZONE,
            "Availability Zone '" + zoneName.get() + "' is not supported.");
      }
    }
    Optional<String> key = Optional.empty();
    if (encryption.wanted()) {
      String named = encryption.kmsKey().orElse("alias/aws/elasticfilesystem");
      key = Optional.of(account.kmsKeyArn(resolved(named, tables)));
    }
    return new FileSystemKind(performanceMode, encryption.wanted(), key, zone);
  }

  /** The key that an alias stands for, if the alias was made here; else the name itself. */
  private static String resolved(String name, ResourceTables tables) throws ApiRefusal {
    String bare = name.startsWith("arn:") ? name.substring(name.lastIndexOf(':') + 1) : name;
    for (KmsKey key : tables.kmsKeys().values()) {
      boolean named = key.aliases().contains(bare);
      if (named || bare.equals(key.id()) || bare.equals("key/" + key.id())) {
        if (key.deletion().isPresent()) {
          throw ApiRefusal.badRequest("The KMS key '" + key.id() + "' is pending deletion.");
        }
        return named ? key.id() : name;
      }
    }
    return name;
  }
}
