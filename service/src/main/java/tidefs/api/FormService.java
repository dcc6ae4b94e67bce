package tidefs.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tidefs.iam.Caller;
import tidefs.iam.policy.AccessRequest;
import tidefs.iam.policy.Authorizer;

/**
 * What IAM and STS have in common: the AWS query protocol, and permission for every action that is
 * not free. An action is found by name, in a form or a query; replies and errors are XML.
 */
public abstract class FormService implements Service {
  private static final String XML = "text/xml;charset=UTF-8";

  private final String name;
  private final String namespace;
  private final Authorizer authorizer;

  /** A service of this name in signatures, whose replies are of this XML namespace. */
  protected FormService(String name, String namespace, Authorizer authorizer) {
    this.name = name;
    this.namespace = namespace;
    this.authorizer = authorizer;
  }

  /** A request to one action. */
  public record FormRequest(
      String action, Parameters parameters, Caller caller, String remoteAddress) {
    /** The value of a parameter that may be left out. */
    public Optional<String> value(String parameter) {
      return parameters.first(parameter);
    }

    /** The value of a parameter that must not be empty. */
    public String required(String parameter) throws ServiceError {
      return value(parameter)
          .filter(text -> !text.isEmpty())
          .orElseThrow(() ->
              new ServiceError(
                  400,
                  "ValidationError",
                  "1 validation error detected: Value null at '"
                      + Character.toLowerCase(parameter.charAt(0))
                      + parameter.substring(1)
                      + "' failed to satisfy constraint: Member must not be null"));
    }
  }

  /** Carries out an action; empty if there is none of this name. */
  protected abstract Optional<Consumer<Xml>> perform(FormRequest request) throws ServiceError;

  /** The ARN that the action is about. */
  protected abstract String resource(FormRequest request);

  /** Whether everybody may call the action. */
  protected abstract boolean isFree(String action);

  @Override
  public String signingName() {
    return name;
  }

  @Override
  public boolean isGlobal() {
    return true;
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return false;
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    Parameters parameters = Parameters.of(exchange);
    String action = parameters.first("Action").orElse("");
    FormRequest request = new FormRequest(action, parameters, caller, exchange.remoteAddress());
    if (!isFree(action)) {
      checkAllowed(request, exchange);
    }
    Consumer<Xml> result =
        perform(request)
            .orElseThrow(() ->
                new ServiceError(
                    400,
                    "InvalidAction",
                    "Could not find operation " + action + " for this service."));
    return Reply.of(
        200,
        XML,
        Xml.document(
            action + "Response",
            namespace,
            xml ->
                xml.element(action + "Result", result)
                    .element(
                        "ResponseMetadata",
                        metadata -> metadata.text("RequestId", exchange.requestId()))));
  }

  private void checkAllowed(FormRequest request, Exchange exchange) throws ServiceError {
    String action = name + ":" + request.action();
    AccessRequest question =
        new AccessRequest(
            Optional.of(request.caller()),
            action,
            resource(request),
            Map.of(
                "aws:SourceIp", List.of(exchange.remoteAddress()),
                "aws:SecureTransport", List.of("false")));
    if (!authorizer.decide(question, Optional.empty()).isAllowed()) {
      throw new ServiceError(
          403,
          "AccessDenied",
          "User: "
              + request.caller().arn()
              + " is not authorized to perform: "
              + action
              + " on resource: "
              + resource(request));
    }
  }

  /** What the service calls a fault of its own. */
  protected String internalFailure() {
    return "ServiceFailure";
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    String code =
        switch (error.code()) {
          case "MissingAuthenticationTokenException" -> "MissingAuthenticationToken";
          case "IncompleteSignatureException" -> "IncompleteSignature";
          case "InvalidSignatureException" -> "SignatureDoesNotMatch";
          case "UnrecognizedClientException" -> "InvalidClientTokenId";
          case "ExpiredTokenException" ->
              error.status() == 403 ? "ExpiredToken" : error.code(); // Of a session; of an issuer.
          case "AccessDeniedException" -> "AccessDenied";
          case "InternalServerError" -> internalFailure();
          case "ValidationException" -> "ValidationError";
          case "SerializationException" -> "InvalidParameterValue";
          default -> error.code();
        };
    return Reply.of(
        error.status(),
        XML,
        Xml.document(
            "ErrorResponse",
            namespace,
            xml ->
                xml.element(
                        "Error",
                        one ->
                            one.text("Type", error.status() < 500 ? "Sender" : "Receiver")
                                .text("Code", code)
                                .text("Message", error.message()))
                    .text("RequestId", exchange.requestId())));
  }

  /** A time as XML has it, in whole seconds. */
  protected static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
