package tidefs.nfs4;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.XattrExistence;
import tidefs.nfs4.op.GetXattr;
import tidefs.nfs4.op.ListXattrs;
import tidefs.nfs4.op.RemoveXattr;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.SetXattr;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.op.XattrOp;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Opaque;

/** Operations on the extended attributes of the current file (RFC 8276). */
final class Xattrs {
  /** What a LISTXATTRS counts beside its names: cookie, number of names, end. */
  private static final int LIST_OVERHEAD_BYTES = 16;

  private Xattrs() {}

  static Reply perform(Compound c, XattrOp op) throws Refused, FsException {
    return switch (op) {
      case GetXattr call -> get(c, call);
      case SetXattr call -> set(c, call);
      case ListXattrs call -> list(c, call);
      case RemoveXattr call -> remove(c, call);
    };
  }

  /** GETXATTR (RFC 8276 §8.4.1). */
  private static Reply get(Compound c, GetXattr call) throws Refused, FsException {
    Inode inode = inode(c);
    Volume volume = c.volume();
    byte[] value = volume.fileSystem().xattr(c.operation(volume), inode, call.name().array());
    return new GetXattr.Ok(Opaque.wrap(value));
  }

  /** SETXATTR (RFC 8276 §8.4.2). */
  private static Reply set(Compound c, SetXattr call) throws Refused, FsException {
    c.checkWritable();
    Inode inode = inode(c);
    ByteBuf received = call.value();
    if (received.readableBytes() > tidefs.fs.Limits.XATTR_VALUE_BYTES) {
      throw new Refused(Status.XATTR2BIG);
    }
    byte[] value = new byte[received.readableBytes()];
    received.getBytes(received.readerIndex(), value);
    XattrExistence existence =
        switch (call.option()) {
          case CREATE_OR_REPLACE -> XattrExistence.EITHER;
          case CREATE -> XattrExistence.ABSENT;
          case REPLACE -> XattrExistence.PRESENT;
        };
    Volume volume = c.volume();
    Delegating.beforeChange(c, volume, inode);
    return new SetXattr.Ok(
        Directories.changeInfo(
            volume
                .fileSystem()
                .setXattr(c.operation(volume), inode, call.name().array(), value, existence)));
  }

  /** REMOVEXATTR (RFC 8276 §8.4.4). */
  private static Reply remove(Compound c, RemoveXattr call) throws Refused, FsException {
    c.checkWritable();
    Inode inode = inode(c);
    Volume volume = c.volume();
    Delegating.beforeChange(c, volume, inode);
    return new RemoveXattr.Ok(
        Directories.changeInfo(
            volume.fileSystem().removeXattr(c.operation(volume), inode, call.name().array())));
  }

  /** LISTXATTRS (RFC 8276 §8.4.3). */
  private static Reply list(Compound c, ListXattrs call) throws Refused, FsException {
    Inode inode = inode(c);
    if (call.cookie() < 0) {
      throw new Refused(Status.BAD_COOKIE);
    }
    Volume volume = c.volume();
    int room = Math.min(c.room(), c.config().ioBytes());
    int most = Integer.compareUnsigned(call.maxBytes(), room) < 0 ? call.maxBytes() : room;
    List<Opaque> names = new ArrayList<>();
    long[] cookie = {call.cookie()};
    int[] bytes = {LIST_OVERHEAD_BYTES};
    boolean end =
        volume
            .fileSystem()
            .listXattrs(
                c.operation(volume),
                inode,
                call.cookie(),
                (at, name) -> {
                  bytes[0] += Integer.BYTES + (name.length + 3 & ~3);
                  if (bytes[0] > most) {
                    return false;
                  }
                  names.add(Opaque.wrap(name));
                  cookie[0] = at;
                  return true;
                });
    if (names.isEmpty() && !end) {
      throw new Refused(Status.TOOSMALL);
    }
    return new ListXattrs.Ok(cookie[0], names, end);
  }

  private static Inode inode(Compound c) throws Refused {
    if (c.current().isPseudoRoot()) {
      throw new Refused(Status.NOTSUPP);
    }
    return c.inode();
  }
}
