package tidefs.api.iam;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidefs.api.FormService.FormRequest;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.Role;
import tidefs.iam.identity.Roles;

/** The actions of the IAM API on roles. */
final class RoleActions {
  private static final int LEAST_SESSION_SECONDS = 3_600;
  private static final int LONGEST_SESSION_SECONDS = 43_200;

  private final Roles roles;

  RoleActions(Roles roles) {
    this.roles = roles;
  }

  /** Carries out an action; null if there is none of this name. */
  @Nullable Consumer<Xml> perform(FormRequest request) throws ServiceError, IdentityRefusal {
    return switch (request.action()) {
      case "CreateRole" -> {
        Role made =
            roles.create(
                request.required("RoleName"),
                request.required("AssumeRolePolicyDocument"),
                longestSession(request));
        yield xml -> xml.element("Role", it -> describe(made, it));
      }
      case "GetRole" -> {
        Role role = role(request);
        yield xml -> xml.element("Role", it -> describe(role, it));
      }
      case "ListRoles" -> IamService.listed("Roles", roles.all(), this::describe);
      case "DeleteRole" -> {
        roles.delete(request.required("RoleName"));
        yield IamService.NOTHING;
      }
      case "UpdateAssumeRolePolicy" -> {
        roles.updateTrust(request.required("RoleName"), request.required("PolicyDocument"));
        yield IamService.NOTHING;
      }
      default -> ofPolicies(request);
    };
  }

  private @Nullable Consumer<Xml> ofPolicies(FormRequest request)
      throws ServiceError, IdentityRefusal {
    return switch (request.action()) {
      case "PutRolePolicy" -> {
        roles.putPolicy(
            request.required("RoleName"),
            request.required("PolicyName"),
            request.required("PolicyDocument"));
        yield IamService.NOTHING;
      }
      case "GetRolePolicy" -> policy(role(request), request.required("PolicyName"));
      case "ListRolePolicies" ->
          IamService.names("PolicyNames", List.copyOf(role(request).inline().keySet()));
      case "DeleteRolePolicy" -> {
        roles.deletePolicy(request.required("RoleName"), request.required("PolicyName"));
        yield IamService.NOTHING;
      }
      case "AttachRolePolicy" -> {
        roles.attach(request.required("RoleName"), request.required("PolicyArn"));
        yield IamService.NOTHING;
      }
      case "DetachRolePolicy" -> {
        roles.detach(request.required("RoleName"), request.required("PolicyArn"));
        yield IamService.NOTHING;
      }
      case "ListAttachedRolePolicies" ->
          IamService.listed(
              "AttachedPolicies",
              List.copyOf(role(request).attached()),
              (arn, xml) ->
                  xml.text("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
                      .text("PolicyArn", arn));
      case "ListInstanceProfilesForRole" -> // Terraform asks before it deletes a role.
          IamService.names("InstanceProfiles", List.of());
      default -> null;
    };
  }

  private Role role(FormRequest request) throws ServiceError, IdentityRefusal {
    return roles.role(request.required("RoleName"));
  }

  private static Optional<Duration> longestSession(FormRequest request) throws ServiceError {
    Optional<String> text = request.value("MaxSessionDuration");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int seconds = text.get().matches("[0-9]{1,6}") ? Integer.parseInt(text.get()) : 0;
    if (seconds < LEAST_SESSION_SECONDS || seconds > LONGEST_SESSION_SECONDS) {
      throw ServiceError.validation("MaxSessionDuration is a number of seconds, 3600 to 43200.");
    }
    return Optional.of(Duration.ofSeconds(seconds));
  }

  private void describe(Role role, Xml xml) {
    xml.text("Path", "/")
        .text("RoleName", role.name())
        .text("RoleId", role.id())
        .text("Arn", roles.arn(role.name()))
        .text("CreateDate", role.created().truncatedTo(ChronoUnit.SECONDS).toString())
        .text("AssumeRolePolicyDocument", IamService.encoded(role.trust()))
        .text("MaxSessionDuration", Long.toString(role.longestSession().toSeconds()));
  }

  private static Consumer<Xml> policy(Role role, String name) throws ServiceError {
    String document = role.inline().get(name);
    if (document == null) {
      throw new ServiceError(
          404, "NoSuchEntity", "The role policy with name " + name + " cannot be found.");
    }
    return xml ->
        xml.text("RoleName", role.name())
            .text("PolicyName", name)
            .text("PolicyDocument", IamService.encoded(document));
  }
}
