package tidefs.iam;

/** Decides whether a request comes from whom its signature names. */
@FunctionalInterface
public interface RequestAuthenticator {
  /** The caller, or a refusal that says what to do. */
  Caller authenticate(SignedParts request, Signature signature) throws AuthenticationRefusal;

  /**
   * Takes every caller for the account's root, whatever the signature. Only for a server that
   * nobody but the users of its own machine can reach; what a web page makes their browsers send is
   * refused.
   */
  static RequestAuthenticator insecure(String accountId) {
    return new AnySignature(accountId);
  }

  /** Takes nobody for anyone, and answers with {@code whatToDo}. */
  static RequestAuthenticator closed(String whatToDo) {
    return (_, _) -> {
      throw new AuthenticationRefusal(AuthenticationRefusal.Reason.UNAVAILABLE, whatToDo);
    };
  }
}
