package tidefs.control;

/**
 * A virtual private cloud: the addresses among which clients and mount targets reach each other.
 *
 * @param id {@code vpc-} and 8 to 40 hexadecimal digits
 * @param defaultSecurityGroup the group of mount targets that name none: {@code sg-} and digits
 */
public record Vpc(String id, Cidr cidr, String defaultSecurityGroup, boolean isDefault)
    implements Standing {
  /** Refuses ids that the AWS clients would. */
  public Vpc {
    if (!id.matches("vpc-[0-9a-f]{8,40}")) {
      throw new IllegalArgumentException(
          "VPC id '" + id + "' is not 'vpc-' and 8 to 40 hexadecimal digits");
    }
    if (!defaultSecurityGroup.matches("sg-[0-9a-f]{8,40}")) {
      throw new IllegalArgumentException(
          "security group '" + defaultSecurityGroup + "' is not 'sg-' and 8 to 40 hex digits");
    }
  }
}
