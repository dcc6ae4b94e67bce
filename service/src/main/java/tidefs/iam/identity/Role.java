package tidefs.iam.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A role: rights that those whom it trusts may take on for a while.
 *
 * @param id as IAM makes them: {@code AROA} and letters
 * @param trust the document that says who may assume the role
 * @param longestSession what a session may last at the most
 * @param inline documents of the role's own policies, by name
 * @param attached ARNs of managed policies
 */
public record Role(
    String name,
    String id,
    Instant created,
    String trust,
    Duration longestSession,
    SortedMap<String, String> inline,
    SortedSet<String> attached) {
  /** Copies the collections. */
  public Role {
    inline = Collections.unmodifiableSortedMap(new TreeMap<>(inline));
    attached = Collections.unmodifiableSortedSet(new TreeSet<>(attached));
  }

  Role withTrust(String document) {
    return new Role(name, id, created, document, longestSession, inline, attached);
  }

  Role withInline(Map<String, String> policies) {
    return new Role(name, id, created, trust, longestSession, new TreeMap<>(policies), attached);
  }

  Role withAttached(SortedSet<String> arns) {
    return new Role(name, id, created, trust, longestSession, inline, arns);
  }
}
