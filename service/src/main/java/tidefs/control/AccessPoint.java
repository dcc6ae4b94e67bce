package tidefs.control;

import java.util.Optional;

/** An access point: a view of a file system with its own root directory and POSIX identity. */
public record AccessPoint(
    String id,
    String clientToken,
    String fileSystemId,
    LifeCycleState state,
    Optional<PosixUser> posixUser,
    RootDirectory rootDirectory,
    Tags tags)
    implements Resource {
  @Override
  public AccessPoint after(LifeCycleState.Event event) {
    return new AccessPoint(
        id, clientToken, fileSystemId, state.after(event), posixUser, rootDirectory, tags);
  }

  AccessPoint with(Tags newTags) {
    return new AccessPoint(id, clientToken, fileSystemId, state, posixUser, rootDirectory, newTags);
  }
}
