package tidefs.iam.identity;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tidefs.iam.policy.MalformedPolicy;
import tidefs.iam.policy.Policy;
import tidefs.iam.policy.PolicyParser;

/** The managed policies that users may have attached: those of AWS that are about what is here. */
final class ManagedPolicies {
  static final String ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

  private static final Map<String, Policy> ALL = new TreeMap<>();

  static {
    allow("AdministratorAccess", "*");
    allow(
        "AmazonElasticFileSystemFullAccess",
        "elasticfilesystem:*",
        "ec2:*",
        "cloudwatch:*",
        "kms:DescribeKey",
        "kms:ListAliases");
    allow(
        "AmazonElasticFileSystemReadOnlyAccess",
        "elasticfilesystem:Describe*",
        "elasticfilesystem:List*",
        "ec2:Describe*",
        "cloudwatch:Describe*",
        "cloudwatch:GetMetric*",
        "cloudwatch:List*",
        "kms:ListAliases");
    allow(
        "AmazonElasticFileSystemClientReadOnlyAccess",
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:DescribeMountTargets");
    allow(
        "AmazonElasticFileSystemClientReadWriteAccess",
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientWrite",
        "elasticfilesystem:DescribeMountTargets");
    allow(
        "AmazonElasticFileSystemClientFullAccess",
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite",
        "elasticfilesystem:DescribeMountTargets");
  }

  private ManagedPolicies() {}

  private static void allow(String name, String... actions) {
    String document =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\""
            + String.join("\",\"", actions)
            + "\"],\"Resource\":\"*\"}}";
    try {
      ALL.put("arn:aws:iam::aws:policy/" + name, PolicyParser.ofIdentity(document));
    } catch (MalformedPolicy e) {
      throw new IllegalStateException("the policy " + name + " is wrong", e);
    }
  }

  /** The policy of this ARN. */
  static Optional<Policy> find(String arn) {
    return Optional.ofNullable(ALL.get(arn));
  }

  /** All ARNs. */
  static Set<String> arns() {
    return Collections.unmodifiableSet(ALL.keySet());
  }
}
