package tidefs.api.efs;

import java.util.Map;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;

/** The refusals of the control plane as errors of the EFS API. */
final class EfsErrors {
  private EfsErrors() {}

  static ServiceError of(ApiRefusal refusal) {
    String message = refusal.message();
    return switch (refusal.code()) {
      case ACCESS_POINT_ALREADY_EXISTS ->
          existing(refusal, "AccessPointAlreadyExists", "AccessPointId");
      case ACCESS_POINT_LIMIT_EXCEEDED ->
          new ServiceError(403, "AccessPointLimitExceeded", message);
      case ACCESS_POINT_NOT_FOUND -> new ServiceError(404, "AccessPointNotFound", message);
      case AVAILABILITY_ZONES_MISMATCH ->
          new ServiceError(400, "AvailabilityZonesMismatch", message);
      case BAD_REQUEST -> new ServiceError(400, "BadRequest", message);
      case CONFLICT -> new ServiceError(409, "ConflictException", message);
      case FILE_SYSTEM_ALREADY_EXISTS ->
          existing(refusal, "FileSystemAlreadyExists", "FileSystemId");
      case FILE_SYSTEM_IN_USE -> new ServiceError(409, "FileSystemInUse", message);
      case FILE_SYSTEM_LIMIT_EXCEEDED -> new ServiceError(403, "FileSystemLimitExceeded", message);
      case FILE_SYSTEM_NOT_FOUND -> new ServiceError(404, "FileSystemNotFound", message);
      case INCORRECT_FILE_SYSTEM_LIFE_CYCLE_STATE ->
          new ServiceError(409, "IncorrectFileSystemLifeCycleState", message);
      case INCORRECT_MOUNT_TARGET_STATE ->
          new ServiceError(409, "IncorrectMountTargetState", message);
      case INVALID_POLICY -> new ServiceError(400, "InvalidPolicyException", message);
      case IP_ADDRESS_IN_USE -> new ServiceError(409, "IpAddressInUse", message);
      case MOUNT_TARGET_CONFLICT -> new ServiceError(409, "MountTargetConflict", message);
      case MOUNT_TARGET_NOT_FOUND -> new ServiceError(404, "MountTargetNotFound", message);
      case NETWORK_INTERFACE_LIMIT_EXCEEDED ->
          new ServiceError(409, "NetworkInterfaceLimitExceeded", message);
      case NO_FREE_ADDRESSES_IN_SUBNET -> new ServiceError(409, "NoFreeAddressesInSubnet", message);
      case POLICY_NOT_FOUND -> new ServiceError(404, "PolicyNotFound", message);
      case REPLICATION_ALREADY_EXISTS -> new ServiceError(409, "ReplicationAlreadyExists", message);
      case REPLICATION_NOT_FOUND -> new ServiceError(404, "ReplicationNotFound", message);
      case SECURITY_GROUP_LIMIT_EXCEEDED ->
          new ServiceError(400, "SecurityGroupLimitExceeded", message);
      case SECURITY_GROUP_NOT_FOUND -> new ServiceError(400, "SecurityGroupNotFound", message);
      case SUBNET_NOT_FOUND -> new ServiceError(400, "SubnetNotFound", message);
      case THROUGHPUT_LIMIT_EXCEEDED -> new ServiceError(400, "ThroughputLimitExceeded", message);
      case TOO_MANY_REQUESTS -> new ServiceError(429, "TooManyRequests", message);
      case UNSUPPORTED_AVAILABILITY_ZONE ->
          new ServiceError(400, "UnsupportedAvailabilityZone", message);
      case VALIDATION -> ServiceError.validation(message);
    };
  }

  private static ServiceError existing(ApiRefusal refusal, String code, String member) {
    return new ServiceError(
        409, code, refusal.message(), Map.of(member, refusal.existingId().orElse("")));
  }
}
