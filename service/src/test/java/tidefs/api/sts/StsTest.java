package tidefs.api.sts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** STS through the HTTP port. */
class StsTest {
  private static final ControlPlane PLANE = new ControlPlane();

  @AfterAll
  static void close() {
    PLANE.close();
  }

  private static Answer call(String form) {
    return PLANE
        .client()
        .signedFor("sts", ControlPlane.REGION)
        .post("/", "Version=2011-06-15&Action=" + form);
  }

  @Test
  void aCallerLearnsWhoItIs() {
    assertThat(call("GetCallerIdentity").text())
        .contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">")
        .contains("<Arn>arn:aws:iam::123456789012:root</Arn>")
        .contains("<Account>123456789012</Account>");
  }

  @Test
  void aRoleIsAssumed() {
    Answer session =
        call("AssumeRole&RoleArn=arn:aws:iam::123456789012:role/path/r&RoleSessionName=me");
    assertThat(session.status()).as(session.text()).isEqualTo(200);
    assertThat(session.text())
        .contains("<Arn>arn:aws:sts::123456789012:assumed-role/r/me</Arn>")
        .contains("<AccessKeyId>ASIA")
        .containsPattern("<Expiration>[0-9-]+T[0-9:]+Z</Expiration>");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    String role = "AssumeRole&RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=me";
    for (String wrong :
        new String[] {
          "AssumeRole", role + "&DurationSeconds=10", role + "&Policy={}", role.replace("=me", "=m")
        }) {
      Answer answer = call(wrong);
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.text()).contains("<Code>ValidationError</Code>");
    }
    assertThat(call("Dance").text()).contains("<Code>InvalidAction</Code>");
  }
}
