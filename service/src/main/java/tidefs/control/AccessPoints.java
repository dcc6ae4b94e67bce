package tidefs.control;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tidefs.control.LifeCycleState.Event;

/** The calls on access points. An id may be given as the ARN too. */
public final class AccessPoints {
  private final Account account;
  private final Resources resources;
  private final Reconciler reconciler;
  private final Ids ids;
  private final Quotas quotas;

  AccessPoints(
      Account account, Resources resources, Reconciler reconciler, Ids ids, Quotas quotas) {
    this.account = account;
    this.resources = resources;
    this.reconciler = reconciler;
    this.ids = ids;
    this.quotas = quotas;
  }

  /** Creates an access point, once for each client token of the account; its state is creating. */
  public AccessPoint create(NewAccessPoint wanted) throws ApiRefusal {
    AccessPoint made =
        resources.call((tables, changes) -> {
          Optional<String> existing = tables.accessPointWithToken(wanted.clientToken());
          if (existing.isPresent()) {
            throw ApiRefusal.alreadyExists(
                ErrorCode.ACCESS_POINT_ALREADY_EXISTS,
                "Access point '"
                    + existing.get()
                    + "' already exists with client token '"
                    + wanted.clientToken()
                    + "'",
                existing.get());
          }
          FileSystem fileSystem = tables.availableFileSystem(account.bareId(wanted.fileSystemId()));
          if (tables.accessPointsOf(fileSystem.id()).size() >= quotas.accessPoints()) {
            throw new ApiRefusal(
                ErrorCode.ACCESS_POINT_LIMIT_EXCEEDED,
                "You have reached the maximum number of access points ("
                    + quotas.accessPoints()
                    + ") for your file system "
                    + fileSystem.id()
                    + ". Delete an access point and add a new one.");
          }
          return changes.put(
              new AccessPoint(
                  ids.next("fsap-"),
                  wanted.clientToken(),
                  fileSystem.id(),
                  LifeCycleState.CREATING,
                  wanted.posixUser(),
                  wanted.rootDirectory(),
                  wanted.tags().checked()));
        });
    reconciler.changed(made);
    return made;
  }

  /** All access points, those of a file system, or the one of an id; the latter two must exist. */
  public Page<AccessPoint> describe(
      Optional<String> idOrArn, Optional<String> fileSystemIdOrArn, PageRequest page)
      throws ApiRefusal {
    if (idOrArn.isPresent() && fileSystemIdOrArn.isPresent()) {
      throw ApiRefusal.badRequest("AccessPointId and FileSystemId cannot be specified together.");
    }
    return resources.call((tables, _) -> {
      NavigableMap<String, AccessPoint> chosen = tables.accessPoints();
      if (idOrArn.isPresent()) {
        AccessPoint one = tables.accessPoint(account.bareId(idOrArn.get()));
        chosen = new TreeMap<>();
        chosen.put(one.id(), one);
      } else if (fileSystemIdOrArn.isPresent()) {
        FileSystem of = tables.fileSystem(account.bareId(fileSystemIdOrArn.get()));
        chosen = tables.accessPointsOf(of.id());
      }
      int limit =
          page.entries().isPresent() ? Limits.ACCESS_POINT_PAGE_ENTRIES : Limits.PAGE_ENTRIES;
      return page.of(chosen, limit);
    });
  }

  /** Deletes an access point; its state is deleting until it is gone. */
  public void delete(String idOrArn) throws ApiRefusal {
    AccessPoint deleted =
        resources.call((tables, changes) -> {
          AccessPoint before = tables.accessPoint(account.bareId(idOrArn));
          return before.state() == LifeCycleState.DELETING
              ? before
              : changes.put(before.after(Event.DELETE));
        });
    reconciler.changed(deleted);
  }
}
