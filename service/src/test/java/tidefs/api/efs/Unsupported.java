package tidefs.api.efs;

import java.util.Map;
import java.util.TreeMap;

/** What of the service model is not handled, each with the reason that users read. */
final class Unsupported {
  private static final String ONE_PAGE = "there is one page only; accepted and not read";
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
              "DescribeMountTargets.MountTargets.Ipv6Address", IPV4,
              "DescribeAccountPreferences.NextToken", ONE_PAGE));

  /** Errors that are never answered. */
  static final Map<String, String> ERRORS =
      new TreeMap<>(
          Map.of(
              "DependencyTimeoutException", "nothing here waits for another service",
              "InsufficientThroughputCapacityException", "there is no Region to run short of it",
              "ReplicationAlreadyExistsException", "replication is not built yet",
              "ThrottlingException", "the rate of CreateAccessPoint is not limited"));

  /** Operations that answer UnknownOperationException. */
  static final Map<String, String> OPERATIONS =
      new TreeMap<>(
          Map.of(
              "CreateReplicationConfiguration", "replication is not built yet",
              "DescribeReplicationConfigurations", "replication is not built yet",
              "DeleteReplicationConfiguration", "replication is not built yet"));

  private Unsupported() {}
}
