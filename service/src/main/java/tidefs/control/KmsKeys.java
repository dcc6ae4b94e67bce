package tidefs.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tidefs.base.Chance;
import tidefs.base.Clock;

/** The calls on KMS keys. A key may be named by id, ARN, alias or the alias's ARN. */
public final class KmsKeys {
  private final Account account;
  private final Resources resources;
  private final Clock clock;
  private final Chance chance;

  KmsKeys(Account account, Resources resources, Clock clock, Chance chance) {
    this.account = account;
    this.resources = resources;
    this.clock = clock;
    this.chance = chance;
  }

  /** Makes a key. */
  public KmsKey create(String description, Tags tags) throws NetworkRefusal {
    byte[] seed = new byte[16];
    chance.fill(seed);
    Instant now = clock.now();
    return resources.call((tables, changes) -> {
      if (tables.kmsKeys().size() >= Limits.KMS_KEYS) {
        throw new NetworkRefusal(
            "LimitExceededException", "The maximum number of keys has been reached.");
      }
      return changes.put(
          new KmsKey(
              UUID.nameUUIDFromBytes(seed).toString(),
              description,
              now,
              List.of(),
              Optional.empty(),
              tags));
    });
  }

  /** The key of a name. */
  public KmsKey describe(String name) throws NetworkRefusal {
    return resources.call((tables, _) -> existing(tables, name));
  }

  /** All keys. */
  public List<KmsKey> all() {
    return resources.call((tables, _) -> List.copyOf(tables.kmsKeys().values()));
  }

  /** Gives a key another name, which no key may have. */
  public void createAlias(String alias, String target) throws NetworkRefusal {
    boolean wellFormed = alias.matches("alias/[a-zA-Z0-9/_-]{1,250}");
    if (!wellFormed || alias.startsWith("alias/aws/")) {
      throw new NetworkRefusal(
          "InvalidAliasNameException", "The alias '" + alias + "' is not valid.");
    }
    resources.call((tables, changes) -> {
      KmsKey key = existing(tables, target);
      if (tables.kmsKeys().values().stream().anyMatch(it -> it.aliases().contains(alias))) {
        throw new NetworkRefusal(
            "AlreadyExistsException",
            "An alias with the name " + account.kmsArn(alias) + " already exists");
      }
      List<String> aliases = new ArrayList<>(key.aliases());
      aliases.add(alias);
      return changes.put(key.withAliases(aliases));
    });
  }

  /** Plans the end of a key, so many days from now. */
  public KmsKey scheduleDeletion(String name, int days) throws NetworkRefusal {
    Instant end = clock.now().plus(Duration.ofDays(days));
    return resources.call((tables, changes) -> {
      KmsKey key = existing(tables, name);
      if (key.deletion().isPresent()) {
        throw new NetworkRefusal(
            "KMSInvalidStateException",
            account.kmsArn("key/" + key.id()) + " is pending deletion.");
      }
      return changes.put(key.deletedAt(Optional.of(end)));
    });
  }

  private KmsKey existing(ResourceTables tables, String name) throws NetworkRefusal {
    String bare = name.startsWith("arn:") ? name.substring(name.lastIndexOf(':') + 1) : name;
    String id = bare.startsWith("key/") ? bare.substring(4) : bare;
    for (KmsKey key : tables.kmsKeys().values()) {
      if (key.id().equals(id) || key.aliases().contains(bare)) {
        return key;
      }
    }
    throw new NetworkRefusal("NotFoundException", "Key '" + name + "' does not exist");
  }
}
