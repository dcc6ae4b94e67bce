package tidefs.api;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;

/**
 * A service whose operations are asked permission for by name, without saying about which resource:
 * policies that allow them name every resource.
 *
 * @param prefix of the actions in policies, such as {@code cloudwatch}
 */
public record Guarded(Service service, String prefix, Authorizer authorizer) implements Service {
  @Override
  public String signingName() {
    return service.signingName();
  }

  @Override
  public boolean isGlobal() {
    return service.isGlobal();
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return service.resembles(exchange);
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    String action = prefix + ":" + operation(exchange);
    if (!Permission.isGranted(authorizer, caller, exchange, action, "*")) {
      throw new ServiceError(
          403, refusal(), "User: " + caller.arn() + " is not authorized to perform: " + action);
    }
    return service.serve(exchange, caller);
  }

  /** What services of AWS call it. */
  private String refusal() {
    return switch (prefix) {
      case "cloudwatch" -> "AccessDenied";
      case "sns" -> "AuthorizationError";
      default -> "AccessDeniedException";
    };
  }

  /** The operation's name, wherever the service's protocols put it. */
  private static String operation(Exchange exchange) throws ServiceError {
    Optional<String> target = exchange.header("x-amz-target");
    if (target.isPresent()) {
      return target.get().substring(target.get().lastIndexOf('.') + 1);
    }
    int at = exchange.rawPath().indexOf("/operation/");
    if (at >= 0) {
      return exchange.rawPath().substring(at + "/operation/".length());
    }
    String form = new String(exchange.body(), StandardCharsets.UTF_8);
    Optional<String> inBody =
        exchange.method().equals("POST") && form.contains("Action=")
            ? Parameters.parse(form).first("Action")
            : Optional.empty();
    return inBody.or(() -> exchange.parameter("Action")).orElse("Unknown");
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    return service.render(error, exchange);
  }
}
