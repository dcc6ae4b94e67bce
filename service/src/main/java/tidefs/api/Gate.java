package tidefs.api;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.iam.AuthenticationRefusal;
import tidefs.iam.Caller;
import tidefs.iam.RequestAuthenticator;
import tidefs.iam.Signature;
import tidefs.iam.SignatureParser;

/**
 * The way of every request: whose signature is it, for which service and Region, is it genuine;
 * then the service answers. What goes wrong is rendered by the service, in its own protocol.
 */
public final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private static final String FIRST_REGION = "us-east-1";

  private final String region;
  private final RequestAuthenticator authenticator;
  private final List<Service> services;
  private final OpenPage open;

  /** A gate before {@code services}; the first answers what no other recognises. */
  public Gate(String region, RequestAuthenticator authenticator, List<Service> services) {
    this(region, authenticator, services, OpenPage.NONE);
  }

  /** A gate that also lets everyone see {@code open}. */
  public Gate(
      String region, RequestAuthenticator authenticator, List<Service> services, OpenPage open) {
    this.region = region;
    this.authenticator = authenticator;
    this.services = List.copyOf(services);
    this.open = open;
  }

  /** Answers a request, whatever it is. */
  public Reply answer(Exchange exchange) {
    return open.answer(exchange).or(() -> openly(exchange)).orElseGet(() -> answerSigned(exchange));
  }

  /** The answer of a service to what it answers without a signature. */
  private Optional<Reply> openly(Exchange exchange) {
    return services.stream()
        .filter(OpenPage.class::isInstance)
        .map(OpenPage.class::cast)
        .flatMap(page -> page.answer(exchange).stream())
        .findFirst()
        .map(reply -> reply.with("x-amzn-RequestId", exchange.requestId()));
  }

  private Reply answerSigned(Exchange exchange) {
    Service service = resembled(exchange);
    Reply reply;
    try {
      Signature signature = SignatureParser.parse(exchange);
      service = signedFor(signature, service);
      Caller caller = authenticate(exchange, signature, service);
      reply = service.serve(exchange, caller);
    } catch (ServiceError e) {
      reply = service.render(e, exchange);
    } catch (AuthenticationRefusal e) {
      reply = service.render(error(e), exchange);
    } catch (Exception e) {
      log.atError()
          .addKeyValue("requestId", exchange.requestId())
          .addKeyValue("method", exchange.method())
          .addKeyValue("path", exchange.rawPath())
          .setCause(e)
          .log("Request failed");
      reply =
          service.render(
              new ServiceError(500, "InternalServerError", "An internal error occurred."),
              exchange);
    }
    return reply.with("x-amzn-RequestId", exchange.requestId());
  }

  /** Renders an error that was met before the request could be read whole. */
  Reply refuse(Exchange exchange, ServiceError error) {
    return resembled(exchange)
        .render(error, exchange)
        .with("x-amzn-RequestId", exchange.requestId());
  }

  private Service resembled(Exchange exchange) {
    return services.stream()
        .filter(service -> service.resembles(exchange))
        .findFirst()
        .orElse(services.getFirst());
  }

  private Service signedFor(Signature signature, Service resembled) throws ServiceError {
    String name = signature.scope().service();
    for (Service service : services) {
      if (service.signingName().equals(name)) {
        return service;
      }
    }
    throw new ServiceError(
        403,
        "InvalidSignatureException",
        "Credential should be scoped to correct service: '"
            + resembled.signingName()
            + "'. This server has no service '"
            + name
            + "'.");
  }

  private Caller authenticate(Exchange exchange, Signature signature, Service service)
      throws ServiceError, AuthenticationRefusal {
    String scope = signature.scope().region();
    if (!scope.equals(region) && !(service.isGlobal() && scope.equals(FIRST_REGION))) {
      throw new ServiceError(
          403,
          "InvalidSignatureException",
          "Credential should be scoped to a valid region, not '"
              + signature.scope().region()
              + "'. This server serves the region '"
              + region
              + "'.");
    }
    return authenticator.authenticate(exchange, signature);
  }

  private static ServiceError error(AuthenticationRefusal refusal) {
    String code =
        switch (refusal.reason()) {
          case MISSING -> "MissingAuthenticationTokenException";
          case INCOMPLETE -> "IncompleteSignatureException";
          case INVALID -> "InvalidSignatureException";
          case UNKNOWN_KEY -> "UnrecognizedClientException";
          case EXPIRED_TOKEN -> "ExpiredTokenException";
          case UNAVAILABLE -> "AccessDeniedException";
        };
    return new ServiceError(403, code, refusal.message());
  }
}
