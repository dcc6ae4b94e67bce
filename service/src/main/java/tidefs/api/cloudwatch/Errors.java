package tidefs.api.cloudwatch;

import tidefs.api.ServiceError;
import tidefs.control.alarm.AlarmRefusal;
import tidefs.metrics.query.QueryException;

/** The errors of the CloudWatch API. */
final class Errors {
  private Errors() {}

  static ServiceError invalid(String message) {
    return new ServiceError(400, "InvalidParameterValue", message);
  }

  static ServiceError invalid(QueryException e) {
    return new ServiceError(400, "ValidationError", e.message());
  }

  static ServiceError missing(String name) {
    return new ServiceError(400, "MissingParameter", "The parameter " + name + " is required.");
  }

  static ServiceError combination(String message) {
    return new ServiceError(400, "InvalidParameterCombination", message);
  }

  static ServiceError of(AlarmRefusal refusal) {
    return switch (refusal.reason()) {
      case NOT_FOUND -> new ServiceError(404, "ResourceNotFound", refusal.message());
      case LIMIT_EXCEEDED -> new ServiceError(400, "LimitExceeded", refusal.message());
    };
  }
}
