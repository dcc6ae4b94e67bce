package tidefs.iam.policy;

/** What policies say about a request. */
public enum Decision {
  /** A statement allows it and none denies it. */
  ALLOWED,
  /** No statement is about it. */
  IMPLICITLY_DENIED,
  /** A statement denies it, whatever others allow. */
  EXPLICITLY_DENIED;

  /** Whether the request may be carried out. */
  public boolean isAllowed() {
    return this == ALLOWED;
  }
}
