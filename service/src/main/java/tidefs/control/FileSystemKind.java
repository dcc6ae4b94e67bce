package tidefs.control;

import java.util.Optional;

/**
 * What is fixed when a file system is created.
 *
 * @param kmsKeyId the ARN of the key, present exactly if encrypted
 * @param zone the Availability Zone of a One Zone file system; empty for a Regional one
 */
public record FileSystemKind(
    PerformanceMode performanceMode,
    boolean encrypted,
    Optional<String> kmsKeyId,
    Optional<AvailabilityZone> zone) {}
