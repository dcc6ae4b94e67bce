package tidefs.testkit;

import tidefs.nfs4.op.StateId;

/** The locks of one lock-owner on one open file. Its state id changes as it is used. */
public final class HeldLock {
  private final OpenFile file;
  private final String owner;
  StateId stateId;

  HeldLock(OpenFile file, String owner, StateId stateId) {
    this.file = file;
    this.owner = owner;
    this.stateId = stateId;
  }

  /** The file. */
  public OpenFile file() {
    return file;
  }

  /** The lock-owner. */
  public String owner() {
    return owner;
  }

  /** The state id of the locks. */
  public StateId stateId() {
    return stateId;
  }
}
