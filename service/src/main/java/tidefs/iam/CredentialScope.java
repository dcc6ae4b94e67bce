package tidefs.iam;

/**
 * What a Signature Version 4 credential is good for: {@code 20150830/us-east-1/ec2/aws4_request}.
 *
 * @param date eight digits
 * @param service the signing name, such as {@code elasticfilesystem}
 */
public record CredentialScope(String date, String region, String service) {
  static final String TERMINATOR = "aws4_request";

  @Override
  public String toString() {
    return date + "/" + region + "/" + service + "/" + TERMINATOR;
  }
}
