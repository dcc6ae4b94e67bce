package tidefs.iam.policy;

import java.util.List;

/**
 * One condition of a statement: an operator, a key, and the values it is compared with ("IAM JSON
 * policy elements: Condition").
 *
 * @param set how a key of several values is compared
 * @param ifExists whether it holds if the request has no such key
 */
public record Condition(
    Operator operator, SetOperator set, boolean ifExists, String key, List<String> values) {
  /** Copies the list. */
  public Condition {
    values = List.copyOf(values);
  }

  /** How a key that has several values is compared. */
  public enum SetOperator {
    /** No such prefix: the key is taken to have one value. */
    NONE,
    /** One of the request's values will do. */
    FOR_ANY_VALUE,
    /** All of the request's values must; so it holds if there are none. */
    FOR_ALL_VALUES,
  }

  /** Whether it holds for a request. */
  boolean holds(AccessRequest request) {
    List<String> actual = request.values(key);
    if (operator == Operator.NULL) {
      return values.stream().anyMatch(wanted -> wanted.equalsIgnoreCase("" + actual.isEmpty()));
    }
    if (actual.isEmpty()) {
      return switch (set) {
        case FOR_ALL_VALUES -> true;
        case FOR_ANY_VALUE -> ifExists;
        case NONE -> ifExists || operator.isNegated();
      };
    }
    return switch (set) {
      case FOR_ALL_VALUES -> actual.stream().allMatch(value -> compare(value, request));
      case FOR_ANY_VALUE -> actual.stream().anyMatch(value -> compare(value, request));
      case NONE ->
          operator.isNegated()
              ? actual.stream().allMatch(value -> compare(value, request))
              : actual.stream().anyMatch(value -> compare(value, request));
    };
  }

  /** One value of the request: it must match one of ours, or, negated, none. */
  private boolean compare(String value, AccessRequest request) {
    return operator.isNegated()
        != values.stream().anyMatch(wanted -> operator.matches(value, wanted, request));
  }
}
