package tidefs.control;

import java.time.Instant;
import java.util.Optional;

/**
 * A replication configuration: one file system follows another. It is kept where its source is and,
 * if that is elsewhere, where its destination is.
 *
 * @param id the id of the source file system
 * @param sourceRegion where the source is
 * @param creationTime when the configuration was made
 * @param destination what follows
 * @param status where it stands
 * @param progress how far the destination has come, as the source knows it
 */
public record Replication(
    String id,
    String sourceRegion,
    Instant creationTime,
    Destination destination,
    Status status,
    Progress progress)
    implements Standing {
  /** Where a replication stands (ReplicationStatus). */
  public enum Status {
    /** The first copy is being made. */
    ENABLING,
    /** The destination follows. */
    ENABLED,
    /** The destination becomes a file system of its own. */
    DELETING,
    /** The destination cannot follow; the message says why. It is tried again. */
    ERROR,
  }

  /** The file system that follows. */
  public record Destination(
      String fileSystemId, String region, String ownerId, Optional<String> roleArn) {}

  /**
   * How far the destination has come.
   *
   * @param complete whether it ever was like the source
   * @param lastReplicated what the source was like at this time, and all before, has arrived
   * @param message what is wrong; empty if nothing is
   */
  public record Progress(boolean complete, Optional<Instant> lastReplicated, String message) {
    /** Nothing has arrived yet. */
    public static final Progress NONE = new Progress(false, Optional.empty(), "");
  }

  Replication with(Status newStatus) {
    return new Replication(id, sourceRegion, creationTime, destination, newStatus, progress);
  }

  Replication with(Status newStatus, Progress newProgress) {
    return new Replication(id, sourceRegion, creationTime, destination, newStatus, newProgress);
  }

  /** Whether a file system is its source or its destination. */
  boolean concerns(String fileSystemId) {
    return id.equals(fileSystemId) || destination.fileSystemId().equals(fileSystemId);
  }
}
