package tidefs.iam.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidefs.iam.Caller;

/** Decisions, one rule of the language at a time. */
class EvaluatorTest {
  private static final String ACCOUNT = "123456789012";
  private static final String FS =
      "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-01234567";
  private static final Caller ALICE = caller("arn:aws:iam::123456789012:user/alice");

  private static Caller caller(String arn) {
    return new Caller(ACCOUNT, arn, "AKIDEXAMPLE");
  }

  private static Decision decide(
      Optional<Caller> caller, Map<String, List<String>> context, String... statements)
      throws MalformedPolicy {
    Policy policy =
        PolicyParser.ofResource(
            "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}");
    return Evaluator.decide(
        new AccessRequest(caller, "elasticfilesystem:ClientWrite", FS, context), List.of(policy));
  }

  private static String allow(String principal, String more) {
    return "{\"Effect\":\"Allow\",\"Principal\":"
        + principal
        + ",\"Action\":\"elasticfilesystem:Client*\""
        + more
        + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"*\"' | true | true | true",
        "'{\"AWS\":\"*\"}' | true | true | true",
        "'{\"AWS\":[\"arn:aws:iam::123456789012:user/alice\"]}' | true | false | false",
        "'{\"AWS\":\"arn:aws:iam::123456789012:user/bob\"}' | false | false | false",
        "'{\"AWS\":\"arn:aws:iam::123456789012:role/app\"}' | false | true | false",
        "'{\"AWS\":\"arn:aws:iam::123456789012:root\"}' | false | false | false",
        "'{\"AWS\":\"123456789012\"}' | false | false | false",
        "'{\"Service\":\"backup.amazonaws.com\"}' | false | false | false",
      })
  void principalsAreNamed(String principal, boolean alice, boolean role, boolean nobody)
      throws MalformedPolicy {
    Caller app = caller("arn:aws:sts::123456789012:assumed-role/app/session");
    assertThat(decide(Optional.of(ALICE), Map.of(), allow(principal, "")).isAllowed())
        .isEqualTo(alice);
    assertThat(decide(Optional.of(app), Map.of(), allow(principal, "")).isAllowed())
        .isEqualTo(role);
    assertThat(decide(Optional.empty(), Map.of(), allow(principal, "")).isAllowed())
        .isEqualTo(nobody);
  }

  @Test
  void anAccountIsDeniedAsAWhole() throws MalformedPolicy {
    String deny = allow("{\"AWS\":\"123456789012\"}", "").replace("Allow", "Deny");
    assertThat(decide(Optional.of(ALICE), Map.of(), allow("\"*\"", ""), deny))
        .isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(decide(Optional.empty(), Map.of(), allow("\"*\"", ""), deny))
        .isEqualTo(Decision.ALLOWED);
  }

  @Test
  void everyoneButSomeMayBeDenied() throws MalformedPolicy {
    String deny =
        "{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},"
            + "\"NotAction\":\"elasticfilesystem:ClientMount\"}";
    assertThat(decide(Optional.of(ALICE), Map.of(), allow("\"*\"", ""), deny).isAllowed()).isTrue();
    assertThat(decide(Optional.empty(), Map.of(), allow("\"*\"", ""), deny))
        .isEqualTo(Decision.EXPLICITLY_DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bool | aws:SecureTransport | true | true",
        "Bool | AWS:SECURETRANSPORT | TRUE | true",
        "Bool | aws:SecureTransport | false | false",
        "StringEquals | aws:SourceIp | 198.51.100.7 | true",
        "StringNotEquals | aws:SourceIp | 198.51.100.7 | false",
        "StringNotEquals | aws:nothing | x | true",
        "StringEquals | aws:nothing | x | false",
        "StringEqualsIfExists | aws:nothing | x | true",
        "StringEqualsIfExists | aws:SourceIp | x | false",
        "StringLike | elasticfilesystem:AccessPointArn | *:access-point/fsap-0* | true",
        "StringNotLike | elasticfilesystem:AccessPointArn | *:access-point/fsap-0* | false",
        "ArnLike | elasticfilesystem:AccessPointArn | arn:aws:*:*:*:access-point/* | true",
        "ArnEquals | elasticfilesystem:AccessPointArn | arn:*:access-point/* | false",
        "ArnNotLike | elasticfilesystem:AccessPointArn | arn:aws:*:*:1:access-point/* | true",
        "IpAddress | aws:SourceIp | 198.51.100.0/24 | true",
        "IpAddress | aws:SourceIp | 198.51.101.0/24 | false",
        "IpAddress | aws:SourceIp | 2001:db8::/32 | false",
        "NotIpAddress | aws:SourceIp | 198.51.100.0/24 | false",
        "NotIpAddress | aws:SourceIp | not an address | true",
        "Null | aws:SourceIp | false | true",
        "Null | aws:nothing | true | true",
        "Null | aws:nothing | false | false",
        "ForAnyValue:StringEquals | test:Many | b | true",
        "ForAnyValue:StringEquals | test:Many | c | false",
        "ForAllValues:StringLike | test:Many | ? | true",
        "ForAllValues:StringEquals | test:Many | b | false",
        "ForAllValues:StringEquals | aws:nothing | b | true",
        "ForAnyValue:StringEquals | aws:nothing | b | false",
        "NumericLessThan | test:Number | 10 | true",
        "NumericGreaterThanEquals | test:Number | 9.5 | true",
        "NumericEquals | test:Number | nine | false",
        "DateLessThan | test:Date | 2026-11-23T00:00:00Z | true",
        "DateGreaterThan | test:Date | 2026-11-23 | false",
        "StringEquals | test:Name | ${aws:username} | true",
        "StringEquals | test:Name | ${aws:other} | false",
        "StringLike | test:Name | ${aws:other, 'al'}* | true",
        "StringLike | test:Name | ${*}* | false",
        "StringEqualsIgnoreCase | test:Name | ALICE | true",
      })
  void conditionsAreCompared(String operator, String key, String value, boolean holds)
      throws MalformedPolicy {
    Map<String, List<String>> context =
        Map.of(
            "aws:SecureTransport", List.of("true"),
            "aws:SourceIp", List.of("198.51.100.7"),
            "elasticfilesystem:AccessPointArn",
                List.of("arn:aws:elasticfilesystem:us-east-1:2:access-point/fsap-01"),
            "test:Many", List.of("a", "b"),
            "test:Number", List.of("9.5"),
            "test:Date", List.of("2026-11-22T10:00:00Z"),
            "test:Name", List.of("alice"));
    String condition = ",\"Condition\":{\"" + operator + "\":{\"" + key + "\":\"" + value + "\"}}";
    assertThat(decide(Optional.of(ALICE), context, allow("\"*\"", condition)).isAllowed())
        .isEqualTo(holds);
  }

  @Test
  void resourcesAndActionsMayBeInverted() throws MalformedPolicy {
    assertThat(
            decide(Optional.empty(), Map.of(), allow("\"*\"", ",\"Resource\":\"" + FS + "\""))
                .isAllowed())
        .isTrue();
    assertThat(
            decide(Optional.empty(), Map.of(), allow("\"*\"", ",\"NotResource\":\"" + FS + "\""))
                .isAllowed())
        .isFalse();
    assertThat(
            decide(Optional.empty(), Map.of(), allow("\"*\"", ",\"Resource\":\"*/fs-99\""))
                .isAllowed())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | This policy contains invalid Json",
        "{} {} | This policy contains invalid Json",
        "[] | This policy contains invalid Json",
        "{\"Version\":\"2020-01-01\",\"Statement\":[]} | The policy must contain a valid version",
        "{\"Statement\":[]} | Policy must contain at least one statement",
        "{\"Other\":1} | Syntax errors in policy",
        "{\"Statement\":{\"Effect\":\"Maybe\"}} | Policy contains an invalid Effect",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"a:b\"}} | Policy contains invalid"
            + " Principal block",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"bob\"},\"Action\":\"a:b\"}}"
            + " | Policy contains invalid Principal block",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"write\"}} |"
            + " Policy has no valid Action",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"a:b\","
            + "\"Condition\":{\"Equal\":{\"a:b\":\"c\"}}}} | Invalid Condition type : Equal",
      })
  void whatIsNoPolicySaysWhy(String text, String message) {
    assertThatExceptionOfType(MalformedPolicy.class)
        .isThrownBy(() -> PolicyParser.ofResource(text))
        .withMessageStartingWith(message);
  }

  @Test
  void identityPoliciesNameResourcesAndNoPrincipals() {
    for (String text :
        List.of(
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"a:b\"}}",
            "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"a:b\","
                + "\"Resource\":\"*\"}}")) {
      assertThatExceptionOfType(MalformedPolicy.class)
          .isThrownBy(() -> PolicyParser.ofIdentity(text));
    }
  }
}
