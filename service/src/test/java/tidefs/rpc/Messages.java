package tidefs.rpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Encodes what a client sends, from the RFC and not by the code under test. */
final class Messages {
  static final int PROGRAM = 300_000;
  static final int VERSION = 4;

  /** Flavour, length and body of AUTH_NONE. */
  static final byte[] NONE = new byte[8];

  private Messages() {}

  /** The bytes of {@code words}, big-endian. */
  static byte[] words(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A record in one fragment. */
  static byte[] record(byte[] body) {
    return join(words(0x8000_0000 | body.length), body);
  }

  /** A record in fragments of {@code bytes}. */
  static byte[] fragments(byte[] body, int bytes) {
    var all = new ByteArrayOutputStream();
    for (int at = 0; at < body.length; at += bytes) {
      int length = Math.min(bytes, body.length - at);
      boolean last = at + length == body.length;
      all.writeBytes(words(last ? 0x8000_0000 | length : length));
      all.write(body, at, length);
    }
    return all.toByteArray();
  }

  /** A call of the test program, without credentials. */
  static byte[] call(int xid, int procedure, byte[] arguments) {
    return call(xid, PROGRAM, VERSION, procedure, NONE, arguments);
  }

  static byte[] call(
      int xid, int program, int version, int procedure, byte[] credentials, byte[] arguments) {
    return join(words(xid, 0, 2, program, version, procedure), credentials, new byte[8], arguments);
  }

  /** AUTH_SYS of a user in {@code gids}, as flavour, length and body. */
  static byte[] sys(int uid, int gid, int... gids) {
    byte[] body = join(words(7, 4, 0x686f7374, uid, gid, gids.length), words(gids));
    return join(words(1, body.length), body);
  }

  /** The record of an accepted, successful reply. */
  static byte[] reply(int xid, byte[] results) {
    return join(words(xid, 1, 0, 0, 0, 0), results);
  }
}
