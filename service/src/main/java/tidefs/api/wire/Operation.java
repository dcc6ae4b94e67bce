package tidefs.api.wire;

import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;

/** One operation of a service. */
public interface Operation {
  /** Its name; by default that of its class. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Carries it out. */
  Structure perform(Input in) throws ServiceError;
}
