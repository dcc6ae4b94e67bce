package tidefs.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key of KMS, by name and state: its bytes are kept by {@link KeyMaterial}.
 *
 * @param id a UUID
 * @param aliases beginning with {@code alias/}
 * @param deletion when it is to be gone, if that is planned
 * @param enabled whether it may be used, as long as its end is not planned
 */
public record KmsKey(
    String id,
    String description,
    Instant creation,
    List<String> aliases,
    Optional<Instant> deletion,
    boolean enabled,
    Tags tags)
    implements Standing {
  /** The alias of the key that encrypts file systems whose maker names none. */
  public static final String DEFAULT_ALIAS = "alias/aws/elasticfilesystem";

  /** Copies the list. */
  public KmsKey {
    aliases = List.copyOf(aliases);
  }

  KmsKey withAliases(List<String> newAliases) {
    return new KmsKey(id, description, creation, newAliases, deletion, enabled, tags);
  }

  KmsKey deletedAt(Instant when) {
    return new KmsKey(id, description, creation, aliases, Optional.of(when), false, tags);
  }

  /** The key with no end planned, enabled or not. */
  KmsKey enabled(boolean isEnabled) {
    return new KmsKey(id, description, creation, aliases, Optional.empty(), isEnabled, tags);
  }

  /** Whether something can be encrypted and decrypted with it. */
  public boolean usable() {
    return enabled && deletion.isEmpty();
  }

  /** Whether the server made it for whoever names none; nobody may change it. */
  public boolean managed() {
    return aliases.contains(DEFAULT_ALIAS);
  }

  /** The state, in KMS's word. */
  public String keyState() {
    if (deletion.isPresent()) {
      return "PendingDeletion";
    }
    return enabled ? "Enabled" : "Disabled";
  }
}
