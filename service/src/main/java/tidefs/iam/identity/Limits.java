package tidefs.iam.identity;

/** Limits of identities, those of IAM ("IAM and AWS STS quotas"). */
public final class Limits {
  /** Users of the account. */
  public static final int USERS = 5_000;

  /** Access keys of a user. */
  public static final int KEYS_PER_USER = 2;

  /** Characters of a user's inline policies, all together. */
  public static final int POLICY_CHARACTERS = 2_048 * 10;

  /** Policies of a user. */
  public static final int POLICIES_PER_USER = 20;

  /** Roles of the account. */
  public static final int ROLES = 1_000;

  /** Characters of a role's inline policies, all together. */
  public static final int ROLE_POLICY_CHARACTERS = 10_240;

  private Limits() {}
}
