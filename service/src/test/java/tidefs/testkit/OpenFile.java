package tidefs.testkit;

import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.StateId;

/** A file that a test client holds open. Its state id changes as it is used. */
public final class OpenFile {
  private final FileHandle handle;
  private final String owner;
  StateId stateId;

  OpenFile(FileHandle handle, String owner, StateId stateId) {
    this.handle = handle;
    this.owner = owner;
    this.stateId = stateId;
  }

  /** The file. */
  public FileHandle handle() {
    return handle;
  }

  /** The open-owner. */
  public String owner() {
    return owner;
  }

  /** The state id of the open. */
  public StateId stateId() {
    return stateId;
  }
}
