package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** AUTH_SYS: a Unix user as the client's kernel states it, unproven (RFC 5531 appendix A). */
public final class AuthSys implements Credentials {
  static final int FLAVOUR = 1;

  private final int stamp;
  private final String machine;
  private final int uid;
  private final int gid;
  private final int[] gids;

  /** A user with {@code gids} (at most {@value Limits#GIDS}) beside its first group. */
  public AuthSys(String machine, int uid, int gid, int... gids) {
    this(0, machine, uid, gid, gids.clone());
  }

  private AuthSys(int stamp, String machine, int uid, int gid, int[] gids) {
    this.stamp = stamp;
    this.machine = machine;
    this.uid = uid;
    this.gid = gid;
    this.gids = gids;
  }

  /** Reads the whole of {@code body}. */
  static AuthSys decode(ByteBuf body) throws XdrException {
    XdrReader in = new XdrReader(body);
    int stamp = in.int32();
    String machine = in.utf8(Limits.MACHINE_NAME_BYTES);
    int uid = in.int32();
    int gid = in.int32();
    int[] gids = new int[in.count(Limits.GIDS, Integer.BYTES)];
    for (int i = 0; i < gids.length; i++) {
      gids[i] = in.int32();
    }
    if (in.remaining() != 0) {
      throw new XdrException("AUTH_SYS is longer than what it says");
    }
    return new AuthSys(stamp, machine, uid, gid, gids);
  }

  /** Writes the body, without flavour and length. */
  void encode(XdrWriter out) {
    out.int32(stamp);
    out.utf8(machine);
    out.int32(uid);
    out.int32(gid);
    out.int32(gids.length);
    for (int each : gids) {
      out.int32(each);
    }
  }

  /** The name that the client's machine gives itself. */
  public String machine() {
    return machine;
  }

  /** The user, unsigned. */
  public int uid() {
    return uid;
  }

  /** The first group, unsigned. */
  public int gid() {
    return gid;
  }

  /** How many further groups there are. */
  public int gidCount() {
    return gids.length;
  }

  /** The further group at {@code index}, unsigned. */
  public int gid(int index) {
    return gids[index];
  }

  /** The further groups, copied. */
  public int[] gids() {
    return gids.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthSys sys
        && stamp == sys.stamp
        && uid == sys.uid
        && gid == sys.gid
        && machine.equals(sys.machine)
        && Arrays.equals(gids, sys.gids);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * uid + gid) + Arrays.hashCode(gids);
  }

  @Override
  public String toString() {
    return Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid) + "@" + machine;
  }
}
