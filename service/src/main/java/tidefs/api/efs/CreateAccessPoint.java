package tidefs.api.efs;

import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.AccessPoint;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.NewAccessPoint;
import tidefs.control.PosixUser;
import tidefs.control.RootDirectory;

/** CreateAccessPoint. */
record CreateAccessPoint(Control control) implements EfsOperation {
  private static final long MAX_ID = 0xffff_ffffL;
  private static final int SECONDARY_GIDS = 16;

  @Override
  public Route route() {
    return new Route("CreateAccessPoint", "POST", "/access-points");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    Members in = request.body();
    String token = in.requiredText("ClientToken", Constraint.TOKEN);
    String fileSystem = in.requiredText("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Optional<Members> user = in.structure("PosixUser");
    Optional<Members> root = in.structure("RootDirectory");
    var wanted =
        new NewAccessPoint(
            token,
            fileSystem,
            user.isPresent() ? Optional.of(posixUser(user.get())) : Optional.empty(),
            root.isPresent() ? rootDirectory(root.get()) : RootDirectory.WHOLE,
            Shapes.tags(in));
    request.refuseIfInvalid();
    AccessPoint made = control.accessPoints().create(wanted);
    return Json.reply(200, Shapes.accessPoint(made, control.account()));
  }

  private static PosixUser posixUser(Members in) throws ServiceError {
    return new PosixUser(
        in.requiredInteger("Uid", 0, MAX_ID),
        in.requiredInteger("Gid", 0, MAX_ID),
        in.integers("SecondaryGids", 0, MAX_ID, SECONDARY_GIDS));
  }

  private static RootDirectory rootDirectory(Members in) throws ServiceError {
    String path = in.text("Path", Constraint.PATH).orElse(RootDirectory.WHOLE.path());
    Optional<Members> info = in.structure("CreationInfo");
    return new RootDirectory(
        path, info.isPresent() ? Optional.of(creationInfo(info.get())) : Optional.empty());
  }

  private static RootDirectory.CreationInfo creationInfo(Members in) throws ServiceError {
    return new RootDirectory.CreationInfo(
        in.requiredInteger("OwnerUid", 0, MAX_ID),
        in.requiredInteger("OwnerGid", 0, MAX_ID),
        in.requiredText("Permissions", Constraint.PERMISSIONS));
  }
}
