package tidefs.control;

import java.util.Optional;

/** What a caller of CreateReplicationConfiguration wants as destination. */
public record NewDestination(
    Optional<String> region,
    Optional<String> zoneName,
    Optional<String> kmsKey,
    Optional<String> fileSystemId,
    Optional<String> roleArn) {}
