package tidefs.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Chance;
import tidefs.base.Clock;

/** The calls on KMS keys. A key may be named by id, ARN, alias or the alias's ARN. */
public final class KmsKeys {
  private static final Logger log = LoggerFactory.getLogger(KmsKeys.class);

  private final Account account;
  private final Resources resources;
  private final KeyMaterial material;
  private final Clock clock;
  private final Chance chance;

  KmsKeys(Account account, Resources resources, KeyMaterial material, Clock clock, Chance chance) {
    this.account = account;
    this.resources = resources;
    this.material = material;
    this.clock = clock;
    this.chance = chance;
  }

  /** A name without the ARN before it. */
  static String bare(String name) {
    return name.startsWith("arn:") ? name.substring(name.lastIndexOf(':') + 1) : name;
  }

  /** Whether file systems are encrypted with keys that are not known here. */
  boolean elsewhere() {
    return material.elsewhere();
  }

  /** Makes a key. */
  public KmsKey create(String description, Tags tags) throws NetworkRefusal {
    byte[] seed = new byte[16];
    chance.fill(seed);
    String id = UUID.nameUUIDFromBytes(seed).toString();
    refuseTooMany(resources.call((tables, _) -> tables.kmsKeys().size()));
    material.create(id);
    return put(new KmsKey(id, description, now(), List.of(), Optional.empty(), true, tags));
  }

  private KmsKey put(KmsKey key) throws NetworkRefusal {
    return resources.call((tables, changes) -> {
      refuseTooMany(tables.kmsKeys().size());
      return changes.put(key);
    });
  }

  private static void refuseTooMany(int keys) throws NetworkRefusal {
    if (keys >= Limits.KMS_KEYS) {
      throw new NetworkRefusal(
          "LimitExceededException", "The maximum number of keys has been reached.");
    }
  }

  /** Makes the key that encrypts file systems whose maker names none, if it is not there. */
  void makeDefault() {
    String id = account.defaultKeyId();
    if (material.elsewhere() || resources.call((tables, _) -> tables.kmsKeys().containsKey(id))) {
      return;
    }
    material.create(id);
    String description = "Default key that protects file systems when no other key is defined";
    List<String> aliases = List.of(KmsKey.DEFAULT_ALIAS);
    resources.call((_, changes) ->
        changes.put(
            new KmsKey(id, description, now(), aliases, Optional.empty(), true, Tags.NONE)));
  }

  private Instant now() {
    return clock.now();
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

  /** Plans the end of a key, so many days from now. It cannot be used from now on. */
  public KmsKey scheduleDeletion(String name, int days) throws NetworkRefusal {
    Instant end = now().plus(Duration.ofDays(days));
    return resources.call(
        (tables, changes) -> changes.put(changeable(tables, name).deletedAt(end)));
  }

  /** Takes the plan to delete a key back. It is disabled then. */
  public KmsKey cancelDeletion(String name) throws NetworkRefusal {
    return resources.call((tables, changes) -> {
      KmsKey key = existing(tables, name);
      if (key.deletion().isEmpty()) {
        throw invalid(key, " is not pending deletion.");
      }
      return changes.put(key.enabled(false));
    });
  }

  /** Lets a key be used, or not. What it has encrypted cannot be read while it may not. */
  public KmsKey enable(String name, boolean enabled) throws NetworkRefusal {
    return resources.call(
        (tables, changes) -> changes.put(changeable(tables, name).enabled(enabled)));
  }

  /** Gives a key new bytes, with which it encrypts from now on. */
  public KmsKey rotate(String name) throws NetworkRefusal {
    KmsKey key = usable(name);
    material.rotate(key.id());
    return key;
  }

  /** Encrypts a few bytes. */
  public byte[] encrypt(String name, byte[] context, byte[] plain) throws NetworkRefusal {
    return material.encrypt(usable(name).id(), context, plain);
  }

  /** Decrypts what {@link #encrypt} returned. */
  public byte[] decrypt(String name, byte[] context, byte[] encrypted) throws NetworkRefusal {
    return material
        .decrypt(usable(name).id(), context, encrypted)
        .orElseThrow(() -> new NetworkRefusal("InvalidCiphertextException", ""));
  }

  /** The key of a name, which may be used. */
  public KmsKey usable(String name) throws NetworkRefusal {
    KmsKey key = describe(name);
    if (key.deletion().isPresent()) {
      throw invalid(key, " is pending deletion.");
    }
    if (!key.enabled()) {
      throw new NetworkRefusal("DisabledException", arn(key) + " is disabled.");
    }
    return key;
  }

  /** Ends the keys whose time has come. To be called now and then. */
  public void sweep() {
    Instant now = now();
    for (KmsKey key : all()) {
      if (key.deletion().filter(end -> !end.isAfter(now)).isPresent()) {
        material.destroy(key.id());
        resources.call((_, changes) -> {
          changes.remove(key);
          return key;
        });
        log.atWarn().addKeyValue("key", key.id()).log("A key was deleted, as planned");
      }
    }
  }

  private KmsKey changeable(ResourceTables tables, String name) throws NetworkRefusal {
    KmsKey key = existing(tables, name);
    if (key.managed()) {
      throw new NetworkRefusal(
          "AccessDeniedException", arn(key) + " is managed by the server and cannot be changed.");
    }
    if (key.deletion().isPresent()) {
      throw invalid(key, " is pending deletion.");
    }
    return key;
  }

  private NetworkRefusal invalid(KmsKey key, String why) {
    return new NetworkRefusal("KMSInvalidStateException", arn(key) + why);
  }

  private String arn(KmsKey key) {
    return account.kmsArn("key/" + key.id());
  }

  private static KmsKey existing(ResourceTables tables, String name) throws NetworkRefusal {
    return tables
        .kmsKey(name)
        .orElseThrow(
            () -> new NetworkRefusal("NotFoundException", "Key '" + name + "' does not exist"));
  }
}
