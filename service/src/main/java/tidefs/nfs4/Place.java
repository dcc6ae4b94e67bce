package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/**
 * A current or saved file handle with its stateid (RFC 8881 §16.2.3.1): nowhere, an inode of a
 * volume, or the pseudo root. Mutable, one of each to a COMPOUND.
 */
final class Place {
  private @Nullable Volume volume;
  private @Nullable Inode inode;
  private boolean pseudoRoot;
  private @Nullable StateId stateId;

  /** No file handle. */
  void clear() {
    volume = null;
    inode = null;
    pseudoRoot = false;
    stateId = null;
  }

  /** Goes to an inode; there is no stateid any more. */
  void go(Volume toVolume, Inode toInode) {
    volume = toVolume;
    inode = toInode;
    pseudoRoot = false;
    stateId = null;
  }

  /** Goes to the pseudo root. */
  void goToPseudoRoot() {
    clear();
    pseudoRoot = true;
  }

  /** Goes where {@code other} is, stateid and all. */
  void copy(Place other) {
    volume = other.volume;
    inode = other.inode;
    pseudoRoot = other.pseudoRoot;
    stateId = other.stateId;
  }

  /** Whether there is a file handle. */
  boolean isSet() {
    return inode != null || pseudoRoot;
  }

  /** Whether it is the pseudo root. */
  boolean isPseudoRoot() {
    return pseudoRoot;
  }

  /** The volume, unless at the pseudo root or nowhere. */
  @Nullable Volume volume() {
    return volume;
  }

  /** The inode, unless at the pseudo root or nowhere. */
  @Nullable Inode inode() {
    return inode;
  }

  /** The volume; NOFILEHANDLE nowhere, ROFS at the pseudo root. */
  Volume requireVolume() throws Refused {
    if (volume == null) {
      throw absent();
    }
    return volume;
  }

  /** The inode; NOFILEHANDLE nowhere, ROFS at the pseudo root. */
  Inode requireInode() throws Refused {
    if (inode == null) {
      throw absent();
    }
    return inode;
  }

  private Refused absent() {
    return new Refused(pseudoRoot ? Status.ROFS : Status.NOFILEHANDLE);
  }

  /** The current stateid, if an operation left one. */
  @Nullable StateId stateId() {
    return stateId;
  }

  /** An operation left this stateid. */
  void stateId(StateId id) {
    stateId = id;
  }
}
