package tidefs.testkit;

import java.time.Instant;
import java.util.TreeMap;
import tidefs.nfs4.op.Attribute;

/** Attributes to set, encoded as an fattr4. */
public final class NewAttributes {
  private final TreeMap<Integer, byte[]> values = new TreeMap<>();

  /** Nothing to set. */
  public static NewAttributes none() {
    return new NewAttributes();
  }

  /** Any attribute, as it is encoded. */
  public NewAttributes raw(int number, byte[] value) {
    values.put(number, value);
    return this;
  }

  /** The permission bits. */
  public NewAttributes mode(int mode) {
    return raw(Attribute.MODE, new XdrOut().int32(mode).toBytes());
  }

  /** Bytes of the contents. */
  public NewAttributes size(long size) {
    return raw(Attribute.SIZE, new XdrOut().int64(size).toBytes());
  }

  /** The owner. */
  public NewAttributes owner(String owner) {
    return raw(Attribute.OWNER, new XdrOut().text(owner).toBytes());
  }

  /** The group. */
  public NewAttributes group(String group) {
    return raw(Attribute.OWNER_GROUP, new XdrOut().text(group).toBytes());
  }

  /** The time of the last access. */
  public NewAttributes accessTime(Instant time) {
    return raw(Attribute.TIME_ACCESS_SET, clientTime(time));
  }

  /** The time of the last change of contents. */
  public NewAttributes modifyTime(Instant time) {
    return raw(Attribute.TIME_MODIFY_SET, clientTime(time));
  }

  /** Both times become those of the server. */
  public NewAttributes touch() {
    byte[] serverTime = new XdrOut().int32(0).toBytes();
    return raw(Attribute.TIME_ACCESS_SET, serverTime).raw(Attribute.TIME_MODIFY_SET, serverTime);
  }

  private static byte[] clientTime(Instant time) {
    return new XdrOut().int32(1).int64(time.getEpochSecond()).int32(time.getNano()).toBytes();
  }

  /** Writes the fattr4. */
  public void encode(XdrOut out) {
    out.bitmap(values.keySet().stream().mapToInt(Integer::intValue).toArray());
    var all = new XdrOut();
    values.values().forEach(all::raw);
    out.opaque(all.toBytes());
  }
}
