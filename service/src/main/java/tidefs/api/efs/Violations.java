package tidefs.api.efs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tidefs.api.ServiceError;

/** The constraints that a request breaks, gathered so that the caller learns of all at once. */
final class Violations {
  private static final int SHOWN_VALUE_LENGTH = 256;

  private final List<String> found = new ArrayList<>();

  /** Notes that a value breaks a constraint, which is put as "Member must …". */
  void add(String value, String path, String constraint) {
    String shown =
        value.length() > SHOWN_VALUE_LENGTH ? value.substring(0, SHOWN_VALUE_LENGTH) + "…" : value;
    found.add(
        "Value '" + shown + "' at '" + path + "' failed to satisfy constraint: " + constraint);
  }

  /** Notes that a member is missing. */
  void addMissing(String path) {
    found.add("Value null at '" + path + "' failed to satisfy constraint: Member must not be null");
  }

  /** Checks a string. */
  void check(String value, String path, Constraint constraint) {
    if (value.length() < constraint.minLength()) {
      add(
          value,
          path,
          "Member must have length greater than or equal to " + constraint.minLength());
    }
    if (value.length() > constraint.maxLength()) {
      add(value, path, "Member must have length less than or equal to " + constraint.maxLength());
    } else if (!constraint.pattern().matcher(value).matches()) {
      add(
          value,
          path,
          "Member must satisfy regular expression pattern: " + constraint.pattern().pattern());
    }
  }

  /** Ends the request if any constraint is broken. */
  void refuseIfAny() throws ServiceError {
    if (!found.isEmpty()) {
      throw ServiceError.validation(
          found.size()
              + " validation error"
              + (found.size() == 1 ? "" : "s")
              + " detected: "
              + String.join("; ", found));
    }
  }

  /** The path of a member as AWS writes it: {@code rootDirectory.path}. */
  static String path(String parent, String member) {
    String name = member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
    return parent.isEmpty() ? name : parent + "." + name;
  }
}
