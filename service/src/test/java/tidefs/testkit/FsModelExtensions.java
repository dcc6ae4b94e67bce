package tidefs.testkit;

import java.util.Optional;
import tidefs.fs.Credentials;
import tidefs.fs.Errno;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.XattrExistence;

/** What a file system does beyond EFS, on the model: holes and extended attributes. */
public final class FsModelExtensions {
  private FsModelExtensions() {}

  /** May seek. */
  public static void checkSeek(FsModel.Node node, long offset) throws FsException {
    FsModel.regular(node);
    FsModel.need(offset >= 0 && offset < node.content.size, Errno.ENXIO);
  }

  /** Punches a hole. */
  public static void punch(Credentials who, FsModel.Node node, long offset, long length)
      throws FsException {
    FsModel.need(length > 0 && offset >= 0, Errno.EINVAL);
    FsModel.regular(node);
    if (offset < node.content.size) {
      node.content.punch(offset, offset + length);
      changed(who, node);
      node.durable = Optional.empty();
    }
  }

  /** Allocates. */
  public static void allocate(Credentials who, FsModel.Node node, long offset, long length)
      throws FsException {
    FsModel.need(length > 0 && offset >= 0, Errno.EINVAL);
    FsModel.regular(node);
    if (offset + length > node.content.size) {
      node.content.resize(offset + length);
      changed(who, node);
      node.durable = node.durable.map(_ -> node.content.copy());
    }
  }

  /** Clones; {@code count} 0 means all up to the end. */
  public static void clone(
      Credentials who, FsModel.Node source, FsModel.Node target, long from, long to, long count)
      throws FsException {
    FsModel.regular(source);
    FsModel.regular(target);
    long size = source.content.size;
    FsModel.need(from % 4_096 == 0 && to % 4_096 == 0, Errno.EINVAL);
    FsModel.need(from <= size && count <= size - from, Errno.EINVAL);
    long bytes = count == 0 ? size - from : count;
    FsModel.need(bytes % 4_096 == 0 || from + bytes == size, Errno.EINVAL);
    boolean overlaps = from < to + bytes && to < from + bytes;
    FsModel.need(source != target || !overlaps, Errno.EINVAL);
    if (bytes > 0) {
      target.content.clone(source.content, from, to, bytes);
      changed(who, target);
      target.durable = Optional.empty();
    }
  }

  private static void changed(Credentials who, FsModel.Node node) {
    node.modify();
    if (who.uid() != 0) {
      FsModel.clearSetIds(node);
    }
  }

  private static void attributable(Credentials who, FsModel.Node node, int wanted)
      throws FsException {
    FsModel.alive(node);
    FsModel.need(node.type == FileType.REGULAR || node.type == FileType.DIRECTORY, Errno.ENOTREG);
    FsModel.may(who, node, wanted);
  }

  /** Reads an extended attribute, or may list. */
  public static byte[] xattr(Credentials who, FsModel.Node node, Optional<String> name)
      throws FsException {
    attributable(who, node, 4);
    if (name.isEmpty()) {
      return new byte[0];
    }
    byte[] value = node.xattrs.get(name.get());
    FsModel.need(value != null, Errno.ENODATA);
    return value;
  }

  /** Sets an extended attribute, or removes it if there is no value. */
  public static void setXattr(
      Credentials who,
      FsModel.Node node,
      String name,
      Optional<byte[]> value,
      XattrExistence existence)
      throws FsException {
    FsModel.need(value.isEmpty() || value.get().length <= 65_536, Errno.E2BIG);
    attributable(who, node, 2);
    if (node.type == FileType.DIRECTORY) {
      FsModel.sticky(who, node, node);
    }
    boolean there = node.xattrs.containsKey(name);
    FsModel.need(existence != XattrExistence.ABSENT || !there, Errno.EEXIST);
    FsModel.need(existence != XattrExistence.PRESENT || there, Errno.ENODATA);
    long more = value.map(bytes -> name.length() + bytes.length + 32).orElse(0);
    long less = there ? name.length() + node.xattrs.get(name).length + 32 : 0;
    FsModel.need(node.xattrBytes() + more - less <= 262_144, Errno.ENOSPC);
    value.ifPresentOrElse(bytes -> node.xattrs.put(name, bytes), () -> node.xattrs.remove(name));
    node.touch();
  }
}
