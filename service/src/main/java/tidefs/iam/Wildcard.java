package tidefs.iam;

/** Patterns of IAM and EC2: a star stands for any characters, a question mark for any one. */
public final class Wildcard {
  private Wildcard() {}

  /** Whether the text fits the pattern; a star is widened only as far as it must be. */
  public static boolean fits(String text, String pattern) {
    int at = 0;
    int in = 0;
    int star = -1;
    int starAt = 0;
    while (at < text.length()) {
      char wanted = in < pattern.length() ? pattern.charAt(in) : 0;
      if (wanted == '*') {
        star = in++;
        starAt = at;
      } else if (in < pattern.length() && (wanted == '?' || wanted == text.charAt(at))) {
        at++;
        in++;
      } else if (star >= 0) {
        in = star + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }
}
