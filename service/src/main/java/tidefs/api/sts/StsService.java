package tidefs.api.sts;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tidefs.api.Exchange;
import tidefs.api.Parameters;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.iam.Caller;

/** STS: parameters in a form or a query, replies and errors in XML. */
public final class StsService implements Service {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
  private static final String XML = "text/xml;charset=UTF-8";

  private final RoleSessions sessions;

  /** STS over what gives out the sessions of roles. */
  public StsService(RoleSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public String signingName() {
    return "sts";
  }

  @Override
  public boolean resembles(Exchange exchange) {
    String body = new String(exchange.body(), StandardCharsets.ISO_8859_1);
    return exchange.rawPath().equals("/") && body.contains("Version=2011-06-15");
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    Parameters parameters =
        exchange.method().equals("POST")
            ? Parameters.parse(new String(exchange.body(), StandardCharsets.UTF_8))
            : exchange.query();
    String action = parameters.first("Action").orElse("");
    Consumer<Xml> result =
        switch (action) {
          case "GetCallerIdentity" -> identity(caller);
          case "AssumeRole" -> AssumeRole.perform(parameters, caller, sessions);
          default ->
              throw new ServiceError(
                  400, "InvalidAction", "Could not find operation " + action + " for version");
        };
    return Reply.of(
        200,
        XML,
        Xml.document(
            action + "Response",
            NAMESPACE,
            xml ->
                xml.element(action + "Result", result)
                    .element(
                        "ResponseMetadata", it -> it.text("RequestId", exchange.requestId()))));
  }

  private static Consumer<Xml> identity(Caller caller) {
    String name = caller.arn().substring(caller.arn().lastIndexOf('/') + 1);
    String user = caller.arn().endsWith(":root") ? caller.accountId() : name;
    return xml ->
        xml.text("Arn", caller.arn()).text("UserId", user).text("Account", caller.accountId());
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    String code =
        switch (error.code()) {
          case "MissingAuthenticationTokenException" -> "MissingAuthenticationToken";
          case "IncompleteSignatureException" -> "IncompleteSignature";
          case "InvalidSignatureException" -> "SignatureDoesNotMatch";
          case "UnrecognizedClientException" -> "InvalidClientTokenId";
          case "AccessDeniedException" -> "AccessDenied";
          case "InternalServerError" -> "InternalFailure";
          case "ValidationException", "SerializationException" -> "ValidationError";
          default -> error.code();
        };
    return Reply.of(
        error.status(),
        XML,
        Xml.document(
            "ErrorResponse",
            NAMESPACE,
            xml ->
                xml.element(
                        "Error",
                        one ->
                            one.text("Type", error.status() >= 500 ? "Receiver" : "Sender")
                                .text("Code", code)
                                .text("Message", error.message()))
                    .text("RequestId", exchange.requestId())));
  }
}
