package tidefs.api.efs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What of the service model is not handled, each with the reason that users read. */
final class Unsupported {
  private static final String ONE_PAGE = "there is one page only; accepted and not read";
  private static final String NOT_YET = "a destination that was just chosen has none yet";
  private static final String IPV4 = "mount targets have IPv4 addresses only";

  /** Members of requests, as {@code Operation.Member}. */
  static final Map<String, String> REQUEST_MEMBERS =
      new TreeMap<>(
          Map.of(
              "DescribeAccountPreferences.NextToken", ONE_PAGE,
              "DescribeAccountPreferences.MaxResults", ONE_PAGE));

  /** Members of responses, as {@code Operation.Member}. */
  static final Map<String, String> RESPONSE_MEMBERS =
      new TreeMap<>(
          Map.of(
              "CreateMountTarget.Ipv6Address", IPV4,
              "CreateReplicationConfiguration.Destinations.LastReplicatedTimestamp", NOT_YET,
              "CreateReplicationConfiguration.Destinations.StatusMessage", NOT_YET,
              "DescribeMountTargets.MountTargets.Ipv6Address", IPV4,
              "DescribeAccountPreferences.NextToken", ONE_PAGE));

  /** Errors that are never answered. */
  static final Map<String, String> ERRORS =
      new TreeMap<>(
          Map.of(
              "DependencyTimeoutException", "nothing here waits for another service",
              "InsufficientThroughputCapacityException", "there is no Region to run short of it",
              "ThrottlingException", "the rate of CreateAccessPoint is not limited"));

  /** Operations that answer UnknownOperationException. */
  static final Map<String, String> OPERATIONS = Map.of();

  /**
   * Errors that operations name and no request can bring about.
   *
   * @param operations those that name it; every one if there are none
   */
  record Unprovoked(String error, Set<String> operations, String reason) {
    boolean covers(String operation, String declared) {
      return error.equals(declared) && (operations.isEmpty() || operations.contains(operation));
    }
  }

  static final List<Unprovoked> UNPROVOKED =
      List.of(
          new Unprovoked(
              "InternalServerErrorException",
              Set.of(),
              "a fault of the server, which no request brings about"),
          new Unprovoked(
              "BadRequestException",
              new TreeSet<>(
                  Set.of(
                      "DeleteAccessPoint",
                      "DeleteFileSystem",
                      "DeleteFileSystemPolicy",
                      "DeleteMountTarget",
                      "DeleteTags",
                      "DescribeBackupPolicy",
                      "DescribeFileSystemPolicy",
                      "DescribeLifecycleConfiguration",
                      "DescribeMountTargetSecurityGroups",
                      "DescribeReplicationConfigurations",
                      "ModifyMountTargetSecurityGroups",
                      "PutBackupPolicy",
                      "PutFileSystemPolicy",
                      "UntagResource")),
              "a malformed member is a ValidationException, and what else may be wrong has an error"
                  + " of its own"),
          new Unprovoked(
              "UnsupportedAvailabilityZoneException",
              Set.of("CreateMountTarget"),
              "every zone that has a subnet supports mount targets"),
          new Unprovoked(
              "ThroughputLimitExceededException",
              Set.of("UpdateFileSystemProtection"),
              "protection has no throughput"),
          new Unprovoked(
              "ReplicationNotFoundException",
              Set.of("CreateReplicationConfiguration"),
              "a configuration that is made need not be there before"),
          new Unprovoked(
              "ThroughputLimitExceededException",
              Set.of("CreateReplicationConfiguration"),
              "a destination has the throughput that its source was granted"),
          new Unprovoked(
              "TooManyRequestsException",
              Set.of("UpdateFileSystemProtection"),
              "protection may be changed at any time"));

  private Unsupported() {}
}
