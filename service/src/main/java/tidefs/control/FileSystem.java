package tidefs.control;

import java.time.Instant;

/** A file system as its owner sees it. */
public record FileSystem(
    String id,
    String creationToken,
    Instant creationTime,
    LifeCycleState state,
    FileSystemKind kind,
    Throughput throughput,
    FileSystemSettings settings)
    implements Resource {
  @Override
  public FileSystem after(LifeCycleState.Event event) {
    return new FileSystem(
        id, creationToken, creationTime, state.after(event), kind, throughput, settings);
  }

  FileSystem with(Throughput newThroughput) {
    return new FileSystem(id, creationToken, creationTime, state, kind, newThroughput, settings);
  }

  FileSystem with(FileSystemSettings newSettings) {
    return new FileSystem(id, creationToken, creationTime, state, kind, throughput, newSettings);
  }
}
