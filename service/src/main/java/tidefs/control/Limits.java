package tidefs.control;

/** Limits of the control plane: the service quotas of EFS ("Amazon EFS quotas and limits"). */
public final class Limits {
  /** File systems in one account and Region. */
  public static final int FILE_SYSTEMS = 1_000;

  /** Mount targets in one VPC. */
  public static final int MOUNT_TARGETS_PER_VPC = 1_400;

  /** Security groups of one mount target. */
  public static final int SECURITY_GROUPS_PER_MOUNT_TARGET = 5;

  /** Access points of one file system. */
  public static final int ACCESS_POINTS_PER_FILE_SYSTEM = 10_000;

  /** VPCs, configured and created. */
  public static final int VPCS = 100;

  /** Subnets, configured and created. */
  public static final int SUBNETS = 1_000;

  /** Security groups. */
  public static final int SECURITY_GROUPS = 2_500;

  /** Rules of one security group. */
  public static final int RULES_PER_SECURITY_GROUP = 200;

  /** KMS keys. */
  public static final int KMS_KEYS = 1_000;

  /** Tags of one resource. */
  public static final int TAGS_PER_RESOURCE = 50;

  /** The most that may be provisioned for one file system. */
  public static final double PROVISIONED_MIBPS = 3_414;

  /** Entries of one page of a list, and the page size of a caller who asks for none. */
  public static final int PAGE_ENTRIES = 100;

  /** Entries of one page of access points, which the CSI driver asks for by the thousand. */
  public static final int ACCESS_POINT_PAGE_ENTRIES = 1_000;

  /** How long the throughput mode, or a decreased amount, must stay. */
  public static final int THROUGHPUT_CHANGE_SECONDS = 86_400;

  /** Addresses at the start of a subnet that AWS keeps for itself. */
  static final int RESERVED_FIRST_ADDRESSES = 4;

  /** Addresses at the end of a subnet that AWS keeps for itself. */
  static final int RESERVED_LAST_ADDRESSES = 1;

  private Limits() {}
}
