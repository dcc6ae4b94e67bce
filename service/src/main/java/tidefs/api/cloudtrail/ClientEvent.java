package tidefs.api.cloudtrail;

import java.time.Instant;
import java.util.Optional;
import tidefs.iam.Caller;

/**
 * An NFS client connected, or what it may do has changed ("Logging Amazon EFS API calls with AWS
 * CloudTrail": log entries of NFS client connections).
 *
 * @param name {@code NewClientConnection} or {@code UpdateClientConnection}
 * @param refusal why it was not let in, if that is not a matter of policies
 */
public record ClientEvent(
    String id,
    String name,
    Instant time,
    String sourceAddress,
    Optional<Caller> caller,
    String fileSystemArn,
    Optional<String> accessPointArn,
    boolean mount,
    boolean write,
    boolean root,
    Optional<String> refusal) {}
