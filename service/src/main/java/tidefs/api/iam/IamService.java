package tidefs.api.iam;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidefs.api.FormService;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.iam.identity.AccessKey;
import tidefs.iam.identity.Identities;
import tidefs.iam.identity.IdentityRefusal;
import tidefs.iam.identity.User;
import tidefs.iam.policy.Authorizer;

/** The part of the IAM API that users, access keys, roles and their policies need. */
public final class IamService extends FormService {
  @SuppressWarnings("UnnecessaryLambda") // A method reference has no type of its own in a switch.
  static final Consumer<Xml> NOTHING = _ -> {};

  private final Identities identities;
  private final RoleActions roles;

  /** The IAM API over the users of an account. */
  public IamService(Identities identities, Authorizer authorizer) {
    super("iam", "https://iam.amazonaws.com/doc/2010-05-08/", authorizer);
    this.identities = identities;
    roles = new RoleActions(identities.roles());
  }

  @Override
  protected Optional<Consumer<Xml>> perform(FormRequest request) throws ServiceError {
    try {
      return Optional.ofNullable(
          switch (request.action()) {
            case "CreateUser" -> one(identities.createUser(request.required("UserName")));
            case "GetUser" -> one(user(request));
            case "ListUsers" -> listed("Users", identities.users(), this::describe);
            case "DeleteUser" -> {
              identities.deleteUser(request.required("UserName"));
              yield NOTHING;
            }
            case "CreateAccessKey" -> created(user(request).name());
            case "ListAccessKeys" -> keys(user(request));
            case "UpdateAccessKey" -> {
              identities.updateKey(
                  user(request).name(),
                  request.required("AccessKeyId"),
                  status(request.required("Status")));
              yield NOTHING;
            }
            case "DeleteAccessKey" -> {
              identities.deleteKey(user(request).name(), request.required("AccessKeyId"));
              yield NOTHING;
            }
            default ->
                request.action().contains("Role") ? roles.perform(request) : ofPolicies(request);
          });
    } catch (IdentityRefusal e) {
      throw error(e);
    }
  }

  private @Nullable Consumer<Xml> ofPolicies(FormRequest request)
      throws ServiceError, IdentityRefusal {
    return switch (request.action()) {
      case "PutUserPolicy" -> {
        identities.putPolicy(
            request.required("UserName"),
            request.required("PolicyName"),
            request.required("PolicyDocument"));
        yield NOTHING;
      }
      case "GetUserPolicy" -> policy(user(request), request.required("PolicyName"));
      case "ListUserPolicies" -> names("PolicyNames", List.copyOf(user(request).inline().keySet()));
      case "DeleteUserPolicy" -> {
        identities.deletePolicy(request.required("UserName"), request.required("PolicyName"));
        yield NOTHING;
      }
      case "AttachUserPolicy" -> {
        identities.attach(request.required("UserName"), request.required("PolicyArn"));
        yield NOTHING;
      }
      case "DetachUserPolicy" -> {
        identities.detach(request.required("UserName"), request.required("PolicyArn"));
        yield NOTHING;
      }
      case "ListAttachedUserPolicies" ->
          listed(
              "AttachedPolicies",
              List.copyOf(user(request).attached()),
              (arn, xml) ->
                  xml.text("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
                      .text("PolicyArn", arn));
      default -> null;
    };
  }

  /** The user of this name, or the caller himself if none is given. */
  private User user(FormRequest request) throws ServiceError, IdentityRefusal {
    Optional<String> name = request.value("UserName");
    String own = request.caller().arn();
    int at = own.indexOf(":user/");
    if (name.isEmpty() && at > 0) {
      return identities.user(own.substring(at + ":user/".length()));
    }
    return identities.user(request.required("UserName"));
  }

  private Consumer<Xml> one(User user) {
    return xml -> xml.element("User", it -> describe(user, it));
  }

  private void describe(User user, Xml xml) {
    xml.text("Path", "/")
        .text("UserName", user.name())
        .text("UserId", user.id())
        .text("Arn", identities.arn(user.name()))
        .text("CreateDate", time(user.created()));
  }

  private Consumer<Xml> created(String name) throws IdentityRefusal {
    Identities.NewKey made = identities.createKey(name);
    return xml ->
        xml.element(
            "AccessKey",
            it -> {
              describe(name, made.key(), it);
              it.text("SecretAccessKey", made.secret());
            });
  }

  private static Consumer<Xml> keys(User user) {
    return listed("AccessKeyMetadata", user.keys(), (key, xml) -> describe(user.name(), key, xml));
  }

  private static void describe(String userName, AccessKey key, Xml xml) {
    xml.text("UserName", userName)
        .text("AccessKeyId", key.id())
        .text("Status", key.active() ? "Active" : "Inactive")
        .text("CreateDate", time(key.created()));
  }

  private static Consumer<Xml> policy(User user, String name) throws ServiceError {
    String document = user.inline().get(name);
    if (document == null) {
      throw new ServiceError(
          404, "NoSuchEntity", "The user policy with name " + name + " cannot be found.");
    }
    return xml ->
        xml.text("UserName", user.name())
            .text("PolicyName", name)
            .text("PolicyDocument", encoded(document));
  }

  /** A document as the API shows it: percent-encoded. */
  static String encoded(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Writes one member of a list. */
  interface Member<T> {
    void write(T element, Xml xml);
  }

  static <T> Consumer<Xml> listed(String name, List<T> all, Member<T> member) {
    return xml ->
        xml.element(
                name,
                list -> all.forEach(it -> list.element("member", one -> member.write(it, one))))
            .text("IsTruncated", "false");
  }

  static Consumer<Xml> names(String name, List<String> all) {
    return xml ->
        xml.element(name, list -> all.forEach(it -> list.text("member", it)))
            .text("IsTruncated", "false");
  }

  private static boolean status(String text) throws ServiceError {
    return switch (text) {
      case "Active" -> true;
      case "Inactive" -> false;
      default -> throw new ServiceError(400, "ValidationError", "Status is Active or Inactive");
    };
  }

  private static ServiceError error(IdentityRefusal refusal) {
    String message = refusal.message();
    return switch (refusal.code()) {
      case ENTITY_ALREADY_EXISTS -> new ServiceError(409, "EntityAlreadyExists", message);
      case NO_SUCH_ENTITY -> new ServiceError(404, "NoSuchEntity", message);
      case DELETE_CONFLICT -> new ServiceError(409, "DeleteConflict", message);
      case LIMIT_EXCEEDED -> new ServiceError(409, "LimitExceeded", message);
      case MALFORMED_POLICY_DOCUMENT -> new ServiceError(400, "MalformedPolicyDocument", message);
      case VALIDATION -> new ServiceError(400, "ValidationError", message);
    };
  }

  @Override
  protected String resource(FormRequest request) {
    return request
        .value("RoleName")
        .map(identities.roles()::arn)
        .or(() -> request.value("UserName").map(identities::arn))
        .orElse(request.caller().arn());
  }

  @Override
  protected boolean isFree(String action) {
    return false;
  }
}
