package tidefs.api.efs;

import java.util.regex.Pattern;

/**
 * What a string member must be: its length in UTF-16 units, and a pattern that the whole of it must
 * match.
 */
record Constraint(int minLength, int maxLength, Pattern pattern) {
  private static final String ARN = "arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-:]+:";

  static final Constraint FILE_SYSTEM_ID =
      of(0, 128, "^(" + ARN + "file-system/fs-[0-9a-f]{8,40}|fs-[0-9a-f]{8,40})$");
  static final Constraint ACCESS_POINT_ID =
      of(0, 128, "^(" + ARN + "access-point/fsap-[0-9a-f]{8,40}|fsap-[0-9a-f]{8,40})$");
  static final Constraint RESOURCE_ID =
      of(
          0,
          128,
          "^("
              + ARN
              + "(access-point/fsap|file-system/fs)-[0-9a-f]{8,40}|fs(ap)?-[0-9a-f]{8,40})$");
  static final Constraint MOUNT_TARGET_ID = of(13, 45, "^fsmt-[0-9a-f]{8,40}$");
  static final Constraint SUBNET_ID = of(15, 47, "^subnet-[0-9a-f]{8,40}$");
  static final Constraint SECURITY_GROUP = of(11, 43, "^sg-[0-9a-f]{8,40}");
  static final Constraint IP_ADDRESS =
      of(7, 15, "^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}$");
  static final Constraint IPV6_ADDRESS = of(3, 39, "[\\s\\S]*");
  static final Constraint TOKEN = of(1, 64, ".+");
  static final Constraint MARKER = of(1, 128, ".+");
  static final Constraint ZONE_NAME = of(1, 64, ".+");
  static final Constraint KMS_KEY_ID =
      of(
          0,
          2048,
          "^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"
              + "|alias/[a-zA-Z0-9/_-]+|(arn:aws[-a-z]*:kms:[a-z0-9-]+:\\d{12}:((key/[0-9a-f]{8}-"
              + "[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(key/mrk-[0-9a-f]{32})"
              + "|(alias/[a-zA-Z0-9/_-]+))))$");
  static final Constraint REGION =
      of(1, 64, "^[a-z]{2}-((iso[a-z]{0,1}-)|(gov-)){0,1}[a-z]+-{0,1}[0-9]{0,1}$");
  static final Constraint ROLE_ARN =
      of(0, 2048, "^arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+$");
  static final Constraint TAG_KEY =
      of(1, 128, "^(?![aA]{1}[wW]{1}[sS]{1}:)([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$");
  static final Constraint TAG_VALUE = of(0, 256, "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$");
  static final Constraint PATH = of(1, 100, "^(\\/|(\\/(?!\\.)+[^$#<>;`|&?{}^*/\\n]+){1,4})$");
  static final Constraint PERMISSIONS = of(3, 4, "^[0-7]{3,4}$");
  static final Constraint POLICY = of(1, 20_000, "[\\s\\S]+");

  private static Constraint of(int minLength, int maxLength, String pattern) {
    return new Constraint(minLength, maxLength, Pattern.compile(pattern));
  }
}
