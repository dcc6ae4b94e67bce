package tidefs.control.alarm;

/** Whose alarms these are, and where. */
public record AlarmPlace(String accountId, String region) {
  /** The ARN of an alarm. */
  public String arn(String alarmName) {
    return "arn:aws:cloudwatch:" + region + ":" + accountId + ":alarm:" + alarmName;
  }

  /** The Region's name for people. */
  String regionName() {
    return switch (region) {
      case "us-east-1" -> "US East (N. Virginia)";
      case "us-east-2" -> "US East (Ohio)";
      case "us-west-1" -> "US West (N. California)";
      case "us-west-2" -> "US West (Oregon)";
      case "eu-west-1" -> "EU (Ireland)";
      case "eu-west-2" -> "EU (London)";
      case "eu-central-1" -> "EU (Frankfurt)";
      case "ap-southeast-1" -> "Asia Pacific (Singapore)";
      case "ap-southeast-2" -> "Asia Pacific (Sydney)";
      case "ap-northeast-1" -> "Asia Pacific (Tokyo)";
      default -> region;
    };
  }
}
