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

  /** Whether the key is to be the default one. */
  boolean usesDefaultKey() {
    return encryption.wanted()
        && encryption
            .kmsKey()
            .map(KmsKeys::bare)
            .orElse(KmsKey.DEFAULT_ALIAS)
            .equals(KmsKey.DEFAULT_ALIAS);
  }

  /**
   * What is fixed of the file system.
   *
   * @param keysElsewhere whether it is not known here which keys there are
   */
  FileSystemKind kind(Account account, ResourceTables tables, boolean keysElsewhere)
      throws ApiRefusal {
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
      String named = encryption.kmsKey().orElse(KmsKey.DEFAULT_ALIAS);
      key =
          Optional.of(
              keysElsewhere
                  ? account.kmsKeyArn(named)
                  : account.kmsArn("key/" + usableKey(named, tables)));
    }
    return new FileSystemKind(performanceMode, encryption.wanted(), key, zone);
  }

  /** The id of a key that is named by id, ARN or alias. */
  private static String usableKey(String name, ResourceTables tables) throws ApiRefusal {
    KmsKey key =
        tables
            .kmsKey(name)
            .orElseThrow(() -> ApiRefusal.badRequest("The KMS key '" + name + "' does not exist."));
    if (key.deletion().isPresent()) {
      throw ApiRefusal.badRequest("The KMS key '" + key.id() + "' is pending deletion.");
    }
    if (!key.enabled()) {
      throw ApiRefusal.badRequest("The KMS key '" + key.id() + "' is disabled.");
    }
    return key.id();
  }
}
