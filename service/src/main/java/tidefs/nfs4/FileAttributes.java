package tidefs.nfs4;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tidefs.fs.AttributeChanges;
import tidefs.fs.Attributes;
import tidefs.fs.Device;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Permission;
import tidefs.fs.Time;
import tidefs.nfs4.op.Access;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.ExpectedAttributes;
import tidefs.nfs4.op.GetAttr;
import tidefs.nfs4.op.NVerify;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.SetAttr;
import tidefs.nfs4.op.SetTime;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.op.Verify;
import tidefs.nfs4.state.Delegation;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Opaque;

/** Operations on the attributes of the current file. */
final class FileAttributes {
  private static final Time PSEUDO_TIME = new Time(0, 0);

  private FileAttributes() {}

  /** GETATTR (RFC 8881 §18.7). */
  static Reply getAttr(Compound c, GetAttr call) throws Refused, FsException {
    if (NodeAttributes.isWriteOnly(call.requested())) {
      throw new Refused(Status.INVAL);
    }
    Delegation beside = HeldElsewhere.delegation(c, call.requested());
    return beside == null
        ? new GetAttr.Ok(call.requested(), ofCurrent(c))
        : HeldElsewhere.getAttr(c, call, beside);
  }

  /** The attributes of the current file. */
  static NodeAttributes ofCurrent(Compound c) throws Refused, FsException {
    if (c.current().isPseudoRoot()) {
      return ofPseudoRoot(c);
    }
    Volume volume = c.volume();
    Inode inode = c.inode();
    Attributes now = volume.fileSystem().attributes(c.operation(volume), inode);
    boolean covers =
        c.export().root() instanceof Export.Root.Shared && inode == volume.fileSystem().root();
    return covers
        ? c.attributes().of(volume, now, Namespace.PSEUDO_ROOT_INO)
        : c.attributes().of(volume, now);
  }

  private static NodeAttributes ofPseudoRoot(Compound c) {
    long change =
        c.export().root() instanceof Export.Root.Shared root ? root.pseudoRoot().change() : 0;
    return c.attributes()
        .ofPseudoRoot(
            Namespace.PSEUDO_HANDLES,
            new Attributes(
                Namespace.PSEUDO_ROOT_INO,
                FileType.DIRECTORY,
                0555,
                0,
                0,
                2,
                4096,
                4096,
                change,
                PSEUDO_TIME,
                PSEUDO_TIME,
                PSEUDO_TIME,
                PSEUDO_TIME,
                Device.NONE));
  }

  /** VERIFY (RFC 8881 §18.31). */
  static Reply verify(Compound c, Verify call) throws Refused, FsException {
    Status result = compared(c, call.expected());
    return Reply.of(result == Status.SAME ? Status.OK : result);
  }

  /** NVERIFY (RFC 8881 §18.15). */
  static Reply nVerify(Compound c, NVerify call) throws Refused, FsException {
    Status result = compared(c, call.expected());
    return Reply.of(result == Status.NOT_SAME ? Status.OK : result);
  }

  private static Status compared(Compound c, ExpectedAttributes expected)
      throws Refused, FsException {
    if (!c.current().isPseudoRoot()) {
      Delegating.beforeUse(c, c.volume(), c.inode());
    }
    return expected.compare(ofCurrent(c), c.out());
  }

  /** ACCESS (RFC 8881 §18.1). */
  static Reply access(Compound c, Access call) throws Refused, FsException {
    boolean directory = c.current().isPseudoRoot() || c.inode().type() == FileType.DIRECTORY;
    int meaningful = directory ? Access.ALL & ~Access.EXECUTE : fileRights();
    if (c.minorVersion() > 1 && hasXattrs(c)) {
      meaningful |= Access.XATTRS;
    }
    int supported = call.rights() & meaningful;
    int bits;
    if (c.current().isPseudoRoot()) {
      bits = Permission.READ | Permission.EXECUTE;
    } else {
      Volume volume = c.volume();
      int all = Permission.READ | Permission.WRITE | Permission.EXECUTE;
      bits = volume.fileSystem().permitted(c.operation(volume), c.inode(), all);
    }
    if (c.export().readOnly()) {
      bits &= ~Permission.WRITE;
    }
    int granted = 0;
    if ((bits & Permission.READ) != 0) {
      granted |= Access.READ | Access.XATTR_READ | Access.XATTR_LIST;
    }
    if ((bits & Permission.WRITE) != 0) {
      granted |= Access.MODIFY | Access.EXTEND | Access.DELETE | Access.XATTR_WRITE;
    }
    if ((bits & Permission.EXECUTE) != 0) {
      granted |= Access.LOOKUP | Access.EXECUTE;
    }
    return new Access.Ok(supported, granted & supported);
  }

  private static boolean hasXattrs(Compound c) throws Refused {
    return !c.current().isPseudoRoot()
        && (c.inode().type() == FileType.DIRECTORY || c.inode().type() == FileType.REGULAR);
  }

  private static int fileRights() {
    return Access.READ | Access.MODIFY | Access.EXTEND | Access.EXECUTE;
  }

  /** SETATTR (RFC 8881 §18.30). */
  static Reply setAttr(Compound c, SetAttr call) throws Refused, FsException {
    c.checkWritable();
    Volume volume = c.volume();
    Inode inode = c.inode();
    if (call.changes().has(Attribute.MODE_UMASK)) {
      throw new Refused(Status.INVAL); // For new files alone (RFC 8275 §4).
    }
    boolean writable = false;
    if (call.changes().has(Attribute.SIZE)) {
      writable = StateChecks.isWritable(c, call.stateId(), Share.ACCESS_WRITE);
    }
    AttributeChanges changes = changes(c, call.changes(), inode);
    if (!changes.equals(AttributeChanges.NONE)) {
      Delegating.beforeChange(c, volume, inode);
      var _ = volume.fileSystem().setAttributes(c.operation(volume), inode, changes, writable);
    }
    return new SetAttr.Result(Status.OK, call.changes().given());
  }

  /** What is to change of an inode. */
  static AttributeChanges changes(Compound c, tidefs.nfs4.op.AttributeChanges asked, Inode inode)
      throws Refused, FsException {
    int before = 0;
    if (asked.has(Attribute.MODE_SET_MASKED)) {
      Volume volume = c.volume();
      before = volume.fileSystem().attributes(c.operation(volume), inode).mode();
    }
    return changes(asked, before);
  }

  /** What a new file starts with. */
  static AttributeChanges initial(tidefs.nfs4.op.AttributeChanges asked) throws Refused {
    return changes(asked, 0);
  }

  private static AttributeChanges changes(tidefs.nfs4.op.AttributeChanges asked, int modeBefore)
      throws Refused {
    if (asked.verdict() != Status.OK) {
      throw new Refused(asked.verdict());
    }
    if (asked.given().isEmpty()) {
      return AttributeChanges.NONE;
    }
    if (asked.has(Attribute.SIZE) && asked.size() < 0) {
      throw new Refused(Status.FBIG);
    }
    return new AttributeChanges(
        mode(asked, modeBefore),
        asked.has(Attribute.OWNER) ? id(asked.owner()) : OptionalInt.empty(),
        asked.has(Attribute.OWNER_GROUP) ? id(asked.ownerGroup()) : OptionalInt.empty(),
        asked.has(Attribute.SIZE) ? OptionalLong.of(asked.size()) : OptionalLong.empty(),
        time(asked.access()),
        time(asked.modify()));
  }

  private static OptionalInt mode(tidefs.nfs4.op.AttributeChanges asked, int before)
      throws Refused {
    if (!asked.hasMode()) {
      return OptionalInt.empty();
    }
    int mode = asked.modeAfter(before);
    if ((mode & ~tidefs.nfs4.op.AttributeChanges.MODE_BITS) != 0) {
      throw new Refused(Status.INVAL);
    }
    return OptionalInt.of(mode);
  }

  private static OptionalInt id(Opaque text) throws Refused {
    if (text.isEmpty()) {
      throw new Refused(Status.INVAL);
    }
    long id = tidefs.nfs4.op.AttributeChanges.numericId(text);
    if (id < 0) {
      throw new Refused(Status.BADOWNER);
    }
    return OptionalInt.of((int) id);
  }

  private static Optional<AttributeChanges.TimeChange> time(SetTime time) {
    return switch (time.how()) {
      case UNCHANGED -> Optional.empty();
      case TO_SERVER_TIME -> Optional.of(new AttributeChanges.TimeChange.Now());
      case TO_CLIENT_TIME ->
          Optional.of(new AttributeChanges.TimeChange.To(new Time(time.seconds(), time.nanos())));
    };
  }
}
