package tidefs.api.efs;

import java.util.List;
import tidefs.api.Exchange;
import tidefs.api.Reply;
import tidefs.api.Router;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.databind.node.ObjectNode;

/** The EFS API: routes, and errors in the form that the AWS SDKs read. */
public final class EfsService implements Service {
  private static final String VERSION = "/2015-02-01";

  private final Router<EfsOperation> router = new Router<>();
  private final Permissions permissions;

  /** The EFS API of a control plane; {@code authorizer} says who may do what. */
  public EfsService(Control control, Authorizer authorizer) {
    permissions = new Permissions(control, authorizer);
    for (EfsOperation operation : operations(control, permissions)) {
      EfsOperation.Route route = operation.route();
      router.add(route.method(), VERSION + route.path(), operation);
    }
  }

  /** Every operation that is served. */
  static List<EfsOperation> operations(Control control, Permissions permissions) {
    return List.of(
        new CreateFileSystem(control),
        new DescribeFileSystems(control),
        new UpdateFileSystem(control),
        new DeleteFileSystem(control),
        new CreateMountTarget(control),
        new DescribeMountTargets(control),
        new DeleteMountTarget(control),
        new DescribeMountTargetSecurityGroups(control),
        new ModifyMountTargetSecurityGroups(control),
        new CreateAccessPoint(control),
        new DescribeAccessPoints(control),
        new DeleteAccessPoint(control),
        new TagResource(control),
        new UntagResource(control),
        new ListTagsForResource(control),
        new CreateTags(control),
        new DeleteTags(control),
        new DescribeTags(control),
        new PutLifecycleConfiguration(control),
        new DescribeLifecycleConfiguration(control),
        new PutFileSystemPolicy(control, permissions),
        new DescribeFileSystemPolicy(control),
        new DeleteFileSystemPolicy(control),
        new PutBackupPolicy(control),
        new DescribeBackupPolicy(control),
        new UpdateFileSystemProtection(control),
        new CreateReplicationConfiguration(control),
        new DescribeReplicationConfigurations(control),
        new DeleteReplicationConfiguration(control),
        new PutAccountPreferences(),
        new DescribeAccountPreferences());
  }

  @Override
  public String signingName() {
    return "elasticfilesystem";
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return exchange.rawPath().startsWith(VERSION + "/");
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    return switch (router.match(exchange.method(), exchange.rawPath())) {
      case Router.Match.Found<EfsOperation>(var operation, var parameters) ->
          perform(operation, new EfsRequest(exchange, caller, parameters));
      case Router.Match.OtherMethods<EfsOperation>(var allowed) ->
          render(
                  new ServiceError(
                      405,
                      "MethodNotAllowedException",
                      "The method " + exchange.method() + " is not allowed here."),
                  exchange)
              .with("Allow", String.join(", ", allowed));
      case Router.Match.None<EfsOperation> _ ->
          throw new ServiceError(
              404, "UnknownOperationException", "There is no operation at this path.");
    };
  }

  private Reply perform(EfsOperation operation, EfsRequest request) throws ServiceError {
    try {
      permissions.require(operation.route().name(), request);
      return operation.perform(request);
    } catch (ApiRefusal e) {
      throw EfsErrors.of(e);
    }
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    ObjectNode body = Json.object();
    body.put("ErrorCode", error.code());
    body.put("Message", error.message());
    error.members().forEach(body::put);
    return Json.reply(error.status(), body).with("x-amzn-ErrorType", error.code());
  }
}
