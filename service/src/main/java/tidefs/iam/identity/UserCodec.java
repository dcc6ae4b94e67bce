package tidefs.iam.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Users as bytes: a version, then the members in their order, lengths before what is long. */
final class UserCodec {
  private static final int VERSION = 1;

  private UserCodec() {}

  static byte[] encode(User user) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      text(out, user.id());
      out.writeLong(user.created().toEpochMilli());
      out.writeInt(user.keys().size());
      for (AccessKey key : user.keys()) {
        text(out, key.id());
        bytes(out, key.sealedSecret());
        out.writeBoolean(key.active());
        out.writeLong(key.created().toEpochMilli());
      }
      out.writeInt(user.inline().size());
      for (Map.Entry<String, String> policy : user.inline().entrySet()) {
        text(out, policy.getKey());
        text(out, policy.getValue());
      }
      out.writeInt(user.attached().size());
      for (String arn : user.attached()) {
        text(out, arn);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return bytes.toByteArray();
  }

  static User decode(String name, byte[] encoded) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "user '" + name + "' is kept in version " + version + ", which is not known here");
      }
      String id = text(in);
      Instant created = Instant.ofEpochMilli(in.readLong());
      List<AccessKey> keys = new ArrayList<>();
      for (int rest = in.readInt(); rest > 0; rest--) {
        keys.add(
            new AccessKey(
                text(in), bytes(in), in.readBoolean(), Instant.ofEpochMilli(in.readLong())));
      }
      TreeMap<String, String> inline = new TreeMap<>();
      for (int rest = in.readInt(); rest > 0; rest--) {
        inline.put(text(in), text(in));
      }
      TreeSet<String> attached = new TreeSet<>();
      for (int rest = in.readInt(); rest > 0; rest--) {
        attached.add(text(in));
      }
      return new User(name, id, created, keys, inline, attached);
    } catch (IOException e) {
      throw new UncheckedIOException("user '" + name + "' is damaged where it is kept", e);
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a length is out of range");
    }
    return in.readNBytes(length);
  }
}
