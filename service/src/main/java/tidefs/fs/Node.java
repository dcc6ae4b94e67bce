package tidefs.fs;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An inode as copies carry it: everything that users see of it but its names and, of a regular
 * file, its contents.
 *
 * @param attributes all of them; copies keep every one, inode number and change attribute included
 * @param parent of a directory; 0 for anything else, and for the root
 * @param target of a symbolic link; empty for anything else
 * @param xattrs its extended attributes
 */
public record Node(Attributes attributes, long parent, byte[] target, List<Xattr> xattrs) {
  private static final byte FORMAT = 1;
  private static final int FIXED_BYTES = 1 + 8 + 1 + 2 + 4 * 3 + 8 * 3 + 12 * 4 + 8 + 8 + 4 + 4;

  /** Copies the list. */
  public Node {
    xattrs = List.copyOf(xattrs);
  }

  /** The inode number. */
  public long ino() {
    return attributes.ino();
  }

  /** What it is. */
  public FileType type() {
    return attributes.type();
  }

  /** This node with the links that another says it has. */
  Node linkedAs(Node other) {
    Attributes linked = new AttributesBuilder(attributes).links(other.attributes.links()).build();
    return new Node(linked, parent, target, xattrs);
  }

  /** The node in bytes: a format of our own, for ever. */
  public byte[] encode() {
    int size = FIXED_BYTES + target.length;
    for (Xattr each : xattrs) {
      size += 8 + each.name().length + each.value().length;
    }
    Attributes a = attributes;
    ByteBuffer out = ByteBuffer.allocate(size).put(FORMAT).putLong(a.ino());
    out.put(TypeCode.of(a.type())).putShort((short) a.mode());
    out.putInt(a.uid()).putInt(a.gid()).putInt(a.links());
    out.putLong(a.size()).putLong(a.spaceUsed()).putLong(a.change());
    put(out, a.accessed());
    put(out, a.modified());
    put(out, a.changed());
    put(out, a.created());
    out.putInt(a.device().major()).putInt(a.device().minor()).putLong(parent);
    put(out, target);
    out.putInt(xattrs.size());
    for (Xattr each : xattrs) {
      put(out, each.name());
      put(out, each.value());
    }
    return out.array();
  }

  /** What {@link #encode} has made. IllegalArgumentException if it has not. */
  public static Node decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      if (in.get() != FORMAT) {
        throw new IllegalArgumentException("a copied inode has a format that is not known");
      }
      long ino = in.getLong();
      Attributes attributes = attributes(ino, in);
      long parent = in.getLong();
      byte[] target = bytes(in, Limits.SYMLINK_BYTES);
      List<Xattr> xattrs = new ArrayList<>();
      for (int rest = in.getInt(); rest > 0; rest--) {
        xattrs.add(
            new Xattr(bytes(in, Limits.XATTR_NAME_BYTES), bytes(in, Limits.XATTR_VALUE_BYTES)));
      }
      return new Node(attributes, parent, target, xattrs);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a copied inode is cut short", e);
    }
  }

  private static Attributes attributes(long ino, ByteBuffer in) {
    return new Attributes(
        ino,
        TypeCode.type(in.get()),
        in.getShort() & 07777,
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        time(in),
        time(in),
        time(in),
        time(in),
        new Device(in.getInt(), in.getInt()));
  }

  private static void put(ByteBuffer out, Time time) {
    out.putLong(time.seconds()).putInt(time.nanos());
  }

  private static Time time(ByteBuffer in) {
    return new Time(in.getLong(), in.getInt());
  }

  private static void put(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
  }

  private static byte[] bytes(ByteBuffer in, int most) {
    int length = in.getInt();
    if (length < 0 || length > most) {
      throw new IllegalArgumentException("a copied inode has a part of an impossible length");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
