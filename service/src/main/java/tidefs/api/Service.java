package tidefs.api;

import tidefs.iam.Caller;

/** One AWS service: it answers the requests that were signed for its name. */
public interface Service {
  /** The name in the credential scope, such as {@code elasticfilesystem}. */
  String signingName();

  /** Whether requests are signed for the first Region, wherever the service is. */
  default boolean isGlobal() {
    return false;
  }

  /** Whether a request that names no service looks like one for this. */
  boolean resembles(Exchange exchange);

  /** Carries out a request of an authenticated caller. */
  Reply serve(Exchange exchange, Caller caller) throws ServiceError;

  /** Renders an error in the service's protocol. */
  Reply render(ServiceError error, Exchange exchange);
}
