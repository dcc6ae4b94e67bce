package tidefs.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key of KMS, by name: what file systems are encrypted with is kept elsewhere.
 *
 * @param id a UUID
 * @param aliases beginning with {@code alias/}
 * @param deletion when it is to be gone, if that is planned
 */
public record KmsKey(
    String id,
    String description,
    Instant creation,
    List<String> aliases,
    Optional<Instant> deletion,
    Tags tags)
    implements Standing {
  /** Copies the list. */
  public KmsKey {
    aliases = List.copyOf(aliases);
  }

  KmsKey withAliases(List<String> newAliases) {
    return new KmsKey(id, description, creation, newAliases, deletion, tags);
  }

  KmsKey deletedAt(Optional<Instant> when) {
    return new KmsKey(id, description, creation, aliases, when, tags);
  }
}
