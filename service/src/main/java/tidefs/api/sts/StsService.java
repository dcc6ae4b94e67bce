package tidefs.api.sts;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tidefs.api.Exchange;
import tidefs.api.FormService;
import tidefs.api.OpenPage;
import tidefs.api.Parameters;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;

/**
 * STS: who a caller is, and sessions of roles. AssumeRoleWithWebIdentity carries a token instead of
 * a signature and is the one action that is open to everyone.
 */
public final class StsService extends FormService implements OpenPage {
  private static final String WITH_WEB_IDENTITY = "AssumeRoleWithWebIdentity";
  private static final Caller NOBODY = new Caller("", "", "");

  private final RoleSessions sessions;

  /** STS over what gives out the sessions of roles, which asks for permission itself. */
  public StsService(RoleSessions sessions) {
    super("sts", "https://sts.amazonaws.com/doc/2011-06-15/", Authorizer.EVERYTHING);
    this.sessions = sessions;
  }

  @Override
  public boolean resembles(Exchange exchange) {
    String body = new String(exchange.body(), StandardCharsets.ISO_8859_1);
    return exchange.rawPath().equals("/") && body.contains("Version=2011-06-15");
  }

  @Override
  public Optional<Reply> answer(Exchange exchange) {
    if (!resembles(exchange) || exchange.header("authorization").isPresent()) {
      return Optional.empty();
    }
    try {
      String action = Parameters.of(exchange).first("Action").orElse("");
      return action.equals(WITH_WEB_IDENTITY)
          ? Optional.of(serve(exchange, NOBODY))
          : Optional.empty();
    } catch (ServiceError e) {
      return Optional.of(render(e, exchange));
    }
  }

  @Override
  protected Optional<Consumer<Xml>> perform(FormRequest request) throws ServiceError {
    return switch (request.action()) {
      case "GetCallerIdentity" -> Optional.of(identity(request.caller()));
      case "AssumeRole" -> {
        RoleSessions.Wanted wanted = AssumeRole.wanted(request.parameters());
        var session = sessions.assume(request.caller(), wanted, context(request));
        yield Optional.of(AssumeRole.written(session, wanted));
      }
      case WITH_WEB_IDENTITY -> {
        RoleSessions.Wanted wanted = AssumeRole.wanted(request.parameters());
        var made = sessions.assume(request.required("WebIdentityToken"), wanted, context(request));
        yield Optional.of(xml -> {
          AssumeRole.written(made.session(), wanted).accept(xml);
          xml.text("SubjectFromWebIdentityToken", made.subject())
              .text("Provider", made.provider())
              .text("Audience", made.audience());
        });
      }
      default -> Optional.empty();
    };
  }

  private static Map<String, String> context(FormRequest request) {
    return Map.of("aws:SourceIp", request.remoteAddress(), "aws:SecureTransport", "false");
  }

  private static Consumer<Xml> identity(Caller caller) {
    String name = caller.arn().substring(caller.arn().lastIndexOf('/') + 1);
    String user = caller.arn().endsWith(":root") ? caller.accountId() : name;
    return xml ->
        xml.text("Arn", caller.arn()).text("UserId", user).text("Account", caller.accountId());
  }

  @Override
  protected String resource(FormRequest request) {
    return "*";
  }

  @Override
  protected boolean isFree(String action) {
    return true; // Who may assume a role, the role says.
  }

  @Override
  protected String internalFailure() {
    return "InternalFailure";
  }
}
