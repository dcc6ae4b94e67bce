package tidefs.control;

import java.util.Optional;

/** What a caller of CreateAccessPoint wants. */
public record NewAccessPoint(
    String clientToken,
    String fileSystemId,
    Optional<PosixUser> posixUser,
    RootDirectory rootDirectory,
    Tags tags) {}
