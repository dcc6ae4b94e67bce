package tidefs.api.efs;

import java.util.Optional;
import java.util.stream.Stream;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.MountTargetDescription;
import tidefs.control.Page;
import tidefs.control.PageRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** DescribeMountTargets. */
record DescribeMountTargets(Control control) implements EfsOperation {
  @Override
  public Route route() {
    return new Route("DescribeMountTargets", "GET", "/mount-targets");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    PageRequest wanted = request.page("MaxItems", "Marker");
    Optional<String> fileSystem = request.query("FileSystemId", Constraint.FILE_SYSTEM_ID);
    Optional<String> mountTarget = request.query("MountTargetId", Constraint.MOUNT_TARGET_ID);
    Optional<String> accessPoint = request.query("AccessPointId", Constraint.ACCESS_POINT_ID);
    request.refuseIfInvalid();
    if (Stream.of(fileSystem, mountTarget, accessPoint).filter(Optional::isPresent).count() != 1) {
      throw new ServiceError(
          400,
          "BadRequest",
          "Exactly one of FileSystemId, MountTargetId and AccessPointId must be specified.");
    }
    Page<MountTargetDescription> page;
    if (mountTarget.isPresent()) {
      page = control.mountTargets().withId(mountTarget.get(), wanted);
    } else if (fileSystem.isPresent()) {
      page = control.mountTargets().ofFileSystem(fileSystem.get(), wanted);
    } else {
      page = control.mountTargets().ofAccessPoint(accessPoint.orElseThrow(), wanted);
    }
    ObjectNode out = Json.object();
    wanted.marker().ifPresent(marker -> out.put("Marker", marker));
    ArrayNode list = out.putArray("MountTargets");
    page.entries().forEach(it -> list.add(Shapes.mountTarget(it, control.account())));
    page.next().ifPresent(next -> out.put("NextMarker", next));
    return Json.reply(200, out);
  }
}
