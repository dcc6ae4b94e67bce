package tidefs.iam.policy;

import java.util.List;
import java.util.Locale;
import tidefs.iam.Wildcard;

/** The actions or resources that a statement is about; {@code inverted}: all but these. */
public record Patterns(List<String> patterns, boolean inverted) {
  /** Everything. */
  static final Patterns ALL = new Patterns(List.of("*"), false);

  /** Copies the list. */
  public Patterns {
    patterns = List.copyOf(patterns);
  }

  /** Whether an action is meant: in any case. */
  boolean includeAction(String action) {
    String lower = action.toLowerCase(Locale.ROOT);
    return inverted
        != patterns.stream()
            .anyMatch(pattern -> Wildcard.fits(lower, pattern.toLowerCase(Locale.ROOT)));
  }

  /** Whether a resource is meant; variables are replaced by what the request says. */
  boolean includeResource(AccessRequest request) {
    return inverted
        != patterns.stream()
            .anyMatch(pattern -> Variables.fits(request.resource(), pattern, request));
  }
}
