package tidefs.server.client;

import java.util.Arrays;
import java.util.Optional;
import tidefs.control.PosixUser;
import tidefs.fs.Credentials;
import tidefs.nfs4.Export;

/**
 * As whom a client's users act: as they say, or as the access point says; and user and group 0 as
 * nobody, unless policies let them keep their powers.
 */
record Identity(Optional<PosixUser> enforced, boolean root) implements Export.Identity {
  @Override
  public Credentials of(tidefs.rpc.Credentials stated) {
    Credentials base =
        enforced.map(Identity::credentials).orElseGet(() -> Export.AS_STATED.of(stated));
    if (root) {
      return base;
    }
    return new Credentials(
        base.uid() == 0 ? Export.NOBODY : base.uid(),
        base.gid() == 0 ? Export.NOBODY : base.gid(),
        Arrays.stream(base.groups()).filter(group -> group != 0).toArray());
  }

  private static Credentials credentials(PosixUser user) {
    return new Credentials(
        (int) user.uid(),
        (int) user.gid(),
        user.secondaryGids().stream().mapToInt(Long::intValue).toArray());
  }
}
