package tidefs.api.efs;

import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;

/** One operation of the EFS API. */
interface EfsOperation {
  /** Where it is to be found. */
  Route route();

  /** Carries the operation out. */
  Reply perform(EfsRequest request) throws ServiceError, ApiRefusal;

  /**
   * Where an operation is to be found.
   *
   * @param name in the service model; IAM's name for the action too
   * @param method of HTTP
   * @param path its template, without the version that all paths begin with
   */
  record Route(String name, String method, String path) {}
}
