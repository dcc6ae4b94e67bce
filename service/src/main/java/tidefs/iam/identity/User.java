package tidefs.iam.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A user.
 *
 * @param id as IAM makes them: {@code AIDA} and letters
 * @param inline documents of the user's own policies, by name
 * @param attached ARNs of managed policies
 */
public record User(
    String name,
    String id,
    Instant created,
    List<AccessKey> keys,
    SortedMap<String, String> inline,
    SortedSet<String> attached) {
  /** Copies the collections. */
  public User {
    keys = List.copyOf(keys);
    inline = Collections.unmodifiableSortedMap(new TreeMap<>(inline));
    attached = Collections.unmodifiableSortedSet(new TreeSet<>(attached));
  }

  static User of(String name, String id, Instant created) {
    return new User(name, id, created, List.of(), new TreeMap<>(), new TreeSet<>());
  }

  Optional<AccessKey> key(String keyId) {
    return keys.stream().filter(key -> key.id().equals(keyId)).findFirst();
  }

  User with(AccessKey key) {
    List<AccessKey> all = new ArrayList<>(without(key.id()).keys);
    all.add(key);
    return new User(name, id, created, all, inline, attached);
  }

  User without(String keyId) {
    List<AccessKey> rest = keys.stream().filter(key -> !key.id().equals(keyId)).toList();
    return new User(name, id, created, rest, inline, attached);
  }

  User withInline(Map<String, String> policies) {
    return new User(name, id, created, keys, new TreeMap<>(policies), attached);
  }

  User withAttached(SortedSet<String> arns) {
    return new User(name, id, created, keys, inline, arns);
  }
}
