package tidefs.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.iam.Caller;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.policy.Authorizer;

/** The question whether a caller may do something, by his own policies alone. */
public final class Permission {
  private Permission() {}

  /**
   * Whether {@code by} lets the caller of an exchange do something.
   *
   * @param action with the prefix of its service
   * @param resource its ARN, or {@code *}
   */
  public static boolean isGranted(
      Authorizer by, Caller caller, Exchange exchange, String action, String resource) {
    AccessRequest question =
        new AccessRequest(
            Optional.of(caller),
            action,
            resource,
            Map.of("aws:SourceIp", List.of(exchange.remoteAddress())));
    return by.decide(question, Optional.empty()).isAllowed();
  }
}
