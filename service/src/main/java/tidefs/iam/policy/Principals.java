package tidefs.iam.policy;

import java.util.List;
import java.util.Optional;
import tidefs.iam.Caller;

/**
 * Whom a statement is about ("AWS JSON policy elements: Principal").
 *
 * @param names of AWS principals: {@code *}, account ids and ARNs
 * @param others names of other kinds, services and identity providers: these call with what the
 *     provider says of its users, and are then known by the provider's ARN
 * @param inverted NotPrincipal: everyone but these
 */
public record Principals(List<String> names, List<String> others, boolean inverted) {
  /** Copies the lists. */
  public Principals {
    names = List.copyOf(names);
    others = List.copyOf(others);
  }

  /**
   * Whether the caller is meant. An account stands for all its principals where something is
   * denied; where something is allowed it hands the decision on to the account, whose identity
   * policies say so themselves, and allows it to its root alone.
   */
  boolean include(Optional<Caller> caller, Statement.Effect effect) {
    boolean widely = effect == Statement.Effect.DENY || inverted;
    boolean named =
        names.stream().anyMatch(name -> names(name, caller, widely))
            || caller.filter(it -> others.contains(it.arn())).isPresent();
    return named != inverted;
  }

  private static boolean names(String name, Optional<Caller> caller, boolean widely) {
    if (name.equals("*")) {
      return true;
    }
    if (caller.isEmpty()) {
      return false;
    }
    String account = caller.get().accountId();
    String arn = caller.get().arn();
    if (name.equals(account) || isRoot(name, account)) {
      return widely || isRoot(arn, account);
    }
    return name.equals(arn) || name.equals(roleOf(arn));
  }

  private static boolean isRoot(String arn, String account) {
    return arn.startsWith("arn:") && arn.endsWith(":iam::" + account + ":root");
  }

  /** The role behind {@code arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION}; else nothing. */
  static String roleOf(String arn) {
    String[] parts = arn.split(":", 6);
    if (parts.length < 6 || !parts[5].startsWith("assumed-role/")) {
      return "";
    }
    String[] names = parts[5].split("/", -1);
    return parts[0] + ":" + parts[1] + ":iam::" + parts[4] + ":role/" + names[1];
  }
}
