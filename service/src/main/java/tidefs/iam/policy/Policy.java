package tidefs.iam.policy;

import java.util.List;

/** A policy: statements of which each allows or denies something under conditions. */
public record Policy(List<Statement> statements) {
  /** Copies the list. */
  public Policy {
    statements = List.copyOf(statements);
  }
}
