package tidefs.iam.policy;

import java.util.List;
import java.util.Optional;
import tidefs.iam.Wildcard;

/**
 * Policy variables ("IAM policy elements: Variables and tags"): <code>${aws:username}</code> stands
 * for the value of a condition key, <code>${*}</code>, <code>${?}</code> and <code>${$}</code> for
 * the characters themselves, <code>${key, 'default'}</code> for the default if there is no value.
 */
final class Variables {
  /** Stand for wildcards that are meant as characters, while a pattern is matched. */
  private static final char STAR = '\ue000';

  private static final char MARK = '\ue001';

  private Variables() {}

  /** Whether {@code text} fits a pattern with variables. */
  static boolean fits(String text, String pattern, AccessRequest request) {
    if (!pattern.contains("${")) {
      return Wildcard.fits(text, pattern);
    }
    return replaced(pattern, request)
        .map(it -> Wildcard.fits(text.replace('*', STAR).replace('?', MARK), it))
        .orElse(false);
  }

  /** A pattern without wildcards, its variables replaced; empty if one of them has no value. */
  static Optional<String> literal(String pattern, AccessRequest request) {
    if (!pattern.contains("${")) {
      return Optional.of(pattern);
    }
    return replaced(pattern, request).map(it -> it.replace(STAR, '*').replace(MARK, '?'));
  }

  private static Optional<String> replaced(String pattern, AccessRequest request) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      int open = pattern.indexOf("${", at);
      int close = open < 0 ? -1 : pattern.indexOf('}', open);
      if (close < 0) {
        return Optional.of(out.append(pattern.substring(at)).toString());
      }
      out.append(pattern, at, open);
      Optional<String> value = value(pattern.substring(open + 2, close), request);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      out.append(value.get().replace('*', STAR).replace('?', MARK));
      at = close + 1;
    }
    return Optional.of(out.toString());
  }

  private static Optional<String> value(String variable, AccessRequest request) {
    if (variable.equals("*") || variable.equals("?") || variable.equals("$")) {
      return Optional.of(variable);
    }
    int comma = variable.indexOf(',');
    String key = (comma < 0 ? variable : variable.substring(0, comma)).strip();
    List<String> values = request.values(key);
    if (values.size() == 1) {
      return Optional.of(values.getFirst());
    }
    String fallback = comma < 0 ? "" : variable.substring(comma + 1).strip();
    boolean quoted = fallback.length() >= 2 && fallback.startsWith("'") && fallback.endsWith("'");
    return quoted && values.isEmpty()
        ? Optional.of(fallback.substring(1, fallback.length() - 1))
        : Optional.empty();
  }
}
