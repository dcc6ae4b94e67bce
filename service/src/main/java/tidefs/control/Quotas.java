package tidefs.control;

/**
 * What AWS calls service quotas: how many resources there may be. Each is at least 1.
 *
 * @param fileSystems in the account and Region
 * @param accessPoints of one file system
 * @param mountTargets in one VPC
 */
public record Quotas(int fileSystems, int accessPoints, int mountTargets) {
  /** The quotas of a new AWS account ("Amazon EFS quotas and limits"). */
  public static final Quotas DEFAULT =
      new Quotas(
          Limits.FILE_SYSTEMS, Limits.ACCESS_POINTS_PER_FILE_SYSTEM, Limits.MOUNT_TARGETS_PER_VPC);
}
