package tidefs.api.ec2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidefs.api.Exchange;
import tidefs.api.Parameters;
import tidefs.api.Permission;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.SecurityGroup.Direction;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;

/** The EC2 API: parameters in a form or a query, replies and errors in XML. */
public final class Ec2Service implements Service {
  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
  private static final String XML = "text/xml;charset=UTF-8";

  private final Map<String, Ec2Operation> operations = new HashMap<>();

  private final Authorizer authorizer;

  /** The EC2 API over the network of a control plane; {@code authorizer} says who may do what. */
  public Ec2Service(Control control, Authorizer authorizer) {
    this.authorizer = authorizer;
    for (Ec2Operation operation :
        List.of(
            new DescribeAvailabilityZones(control),
            new DescribeSubnets(control),
            new DescribeVpcs(control),
            new CreateVpc(control),
            new CreateSubnet(control),
            new DescribeSecurityGroups(control),
            new CreateSecurityGroup(control),
            new DeleteSecurityGroup(control),
            new AuthorizeSecurityGroupRules(control, Direction.INGRESS),
            new AuthorizeSecurityGroupRules(control, Direction.EGRESS),
            new RevokeSecurityGroupRules(control, Direction.INGRESS),
            new RevokeSecurityGroupRules(control, Direction.EGRESS),
            new DescribeNetworkInterfaces(control))) {
      operations.put(operation.name(), operation);
    }
  }

  @Override
  public String signingName() {
    return "ec2";
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return exchange.rawPath().equals("/");
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    if (!exchange.rawPath().equals("/")) {
      throw new ServiceError(404, "InvalidAction", "There is nothing at this path.");
    }
    Parameters parameters = Parameters.of(exchange);
    String action = parameters.first("Action").orElse("");
    Ec2Operation operation = operations.get(action);
    if (operation == null) {
      throw new ServiceError(
          400, "InvalidAction", "The action '" + action + "' is not valid for this web service.");
    }
    if (!Permission.isGranted(authorizer, caller, exchange, "ec2:" + action, "*")) {
      throw new ServiceError(
          403, "AccessDeniedException", "You are not authorized to perform this operation.");
    }
    Ec2Request request = new Ec2Request(parameters);
    request.refuseIfDryRun();
    Consumer<Xml> content;
    try {
      content = operation.perform(request);
    } catch (NetworkRefusal e) {
      throw new ServiceError(400, e.code(), e.message());
    }
    return Reply.of(
        200,
        XML,
        Xml.document(
            action + "Response",
            NAMESPACE,
            xml -> {
              xml.text("requestId", exchange.requestId());
              content.accept(xml);
            }));
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    String code =
        switch (error.code()) {
          case "MissingAuthenticationTokenException" -> "MissingAuthenticationToken";
          case "IncompleteSignatureException" -> "IncompleteSignature";
          case "InvalidSignatureException" -> "SignatureDoesNotMatch";
          case "UnrecognizedClientException" -> "AuthFailure";
          case "AccessDeniedException" -> "UnauthorizedOperation";
          case "InternalServerError" -> "InternalError";
          case "SerializationException" -> "InvalidParameterValue";
          default -> error.code();
        };
    return Reply.of(
        error.status(),
        XML,
        Xml.document(
            "Response",
            "",
            xml ->
                xml.element(
                        "Errors",
                        errors ->
                            errors.element(
                                "Error",
                                one -> one.text("Code", code).text("Message", error.message())))
                    .text("RequestID", exchange.requestId())));
  }
}
