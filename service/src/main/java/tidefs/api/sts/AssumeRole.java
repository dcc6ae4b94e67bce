package tidefs.api.sts;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import tidefs.api.Parameters;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.api.sts.RoleSessions.Session;
import tidefs.api.sts.RoleSessions.Wanted;

/**
 * What AssumeRole and AssumeRoleWithWebIdentity read and write. Session policies, tags and MFA are
 * not supported and not accepted.
 */
final class AssumeRole {
  private static final String ROLE = "arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}";
  private static final int SHORTEST_SECONDS = 900;
  private static final int LONGEST_SECONDS = 43_200;
  private static final int USUAL_SECONDS = 3_600;

  private AssumeRole() {}

  static Wanted wanted(Parameters parameters) throws ServiceError {
    String role = parameters.first("RoleArn").orElse("");
    String name = parameters.first("RoleSessionName").orElse("");
    check(role.matches(ROLE), role, "roleArn");
    check(name.matches("[\\w+=,.@-]{2,64}"), name, "roleSessionName");
    int seconds = seconds(parameters);
    for (String parameter : parameters.names()) {
      if (parameter.startsWith("Policy")
          || parameter.startsWith("Tags")
          || parameter.equals("SerialNumber")) {
        throw ServiceError.validation("The parameter " + parameter + " is not supported.");
      }
    }
    return new Wanted(role, name, Duration.ofSeconds(seconds));
  }

  static Consumer<Xml> written(Session session, Wanted wanted) {
    String assumed =
        wanted
                .roleArn()
                .replaceFirst(":iam:", ":sts:")
                .replaceFirst(":role/.*?([^/]+)$", ":assumed-role/$1/")
            + wanted.sessionName();
    return xml ->
        xml.element(
                "Credentials",
                it ->
                    it.text("AccessKeyId", session.accessKeyId())
                        .text("SecretAccessKey", session.secretAccessKey())
                        .text("SessionToken", session.sessionToken())
                        .text(
                            "Expiration",
                            session.expiration().truncatedTo(ChronoUnit.SECONDS).toString()))
            .element(
                "AssumedRoleUser",
                it ->
                    it.text("AssumedRoleId", session.roleId() + ":" + wanted.sessionName())
                        .text("Arn", assumed));
  }

  private static int seconds(Parameters parameters) throws ServiceError {
    String text = parameters.first("DurationSeconds").orElse(String.valueOf(USUAL_SECONDS));
    check(text.matches("[0-9]{1,6}"), text, "durationSeconds");
    int seconds = Integer.parseInt(text);
    check(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS, text, "durationSeconds");
    return seconds;
  }

  private static void check(boolean valid, String value, String member) throws ServiceError {
    if (!valid) {
      throw ServiceError.validation(
          "1 validation error detected: Value '"
              + value
              + "' at '"
              + member
              + "' failed to satisfy constraint");
    }
  }
}
