package tidefs.iam.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.iam.Caller;

/**
 * Something that somebody wants to do.
 *
 * @param caller nobody, if he does not say who he is
 * @param action such as {@code elasticfilesystem:ClientMount}
 * @param resource the ARN of what it is done to
 * @param context the values of condition keys, by key in lower case
 */
public record AccessRequest(
    Optional<Caller> caller, String action, String resource, Map<String, List<String>> context) {
  /** Adds what is known of every caller to the context. */
  public AccessRequest {
    Map<String, List<String>> all = new TreeMap<>();
    caller.ifPresent(it -> {
      boolean assumed = it.arn().contains(":assumed-role/");
      all.put("aws:principalarn", List.of(assumed ? Principals.roleOf(it.arn()) : it.arn()));
      all.put("aws:principalaccount", List.of(it.accountId()));
      int name = it.arn().indexOf(":user/");
      all.put(
          "aws:principaltype", List.of(name > 0 ? "User" : assumed ? "AssumedRole" : "Account"));
      if (name > 0) {
        all.put("aws:username", List.of(it.arn().substring(it.arn().lastIndexOf('/') + 1)));
      }
    });
    context.forEach((key, values) -> all.put(key.toLowerCase(Locale.ROOT), List.copyOf(values)));
    context = all;
  }

  /** The values of a condition key; none if the request has no such key. */
  List<String> values(String key) {
    return context.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }
}
