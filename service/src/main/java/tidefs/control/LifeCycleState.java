package tidefs.control;

import tidefs.base.Invariant;

/**
 * Where a file system, mount target or access point stands in its life.
 *
 * <pre>
 *   from       MADE       CHANGE    SETTLED    FAILED   DELETE
 *   CREATING   AVAILABLE  -         -          ERROR    DELETING
 *   AVAILABLE  AVAILABLE  UPDATING  -          ERROR    DELETING
 *   UPDATING   -          -         AVAILABLE  -        DELETING
 *   ERROR      AVAILABLE  -         -          ERROR    DELETING
 *   DELETING   -          -         -          -        DELETING
 * </pre>
 *
 * A resource that is gone has no record, hence no state. {@code MADE} leads out of {@code ERROR}
 * when a later attempt succeeds; after a start of the server, what was available is made again.
 */
public enum LifeCycleState {
  CREATING("creating"),
  AVAILABLE("available"),
  UPDATING("updating"),
  DELETING("deleting"),
  ERROR("error");

  /** What happens to a resource. */
  public enum Event {
    /** The data plane has made what the resource stands for. */
    MADE,
    /** A user changed it. */
    CHANGE,
    /** The change has taken effect. */
    SETTLED,
    /** The data plane could not make it. */
    FAILED,
    /** A user wants it gone. */
    DELETE,
  }

  private final String wireName;

  LifeCycleState(String wireName) {
    this.wireName = wireName;
  }

  /** The name in the EFS API. */
  public String wireName() {
    return wireName;
  }

  /** The state after an event; an event without an entry in the table is a bug. */
  LifeCycleState after(Event event) {
    return switch (event) {
      case MADE -> from(this != DELETING && this != UPDATING, AVAILABLE);
      case CHANGE -> from(this == AVAILABLE, UPDATING);
      case SETTLED -> from(this == UPDATING, AVAILABLE);
      case FAILED -> from(this != DELETING && this != UPDATING, ERROR);
      case DELETE -> DELETING;
    };
  }

  private static LifeCycleState from(boolean allowed, LifeCycleState next) {
    Invariant.check(allowed, "life cycle event does not fit the state");
    return next;
  }
}
