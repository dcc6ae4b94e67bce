package tidefs.nfs4.op;

import tidefs.xdr.Opaque;

/**
 * The rules for a component4 (RFC 8881 §14): the name of an entry in a directory. Names are bytes;
 * they are looked at here, never changed.
 */
public final class ComponentName {
  /** The most bytes of a name (NAME_MAX). */
  public static final int MAX_BYTES = 255;

  private ComponentName() {}

  /**
   * The status that is due to an operation that got {@code name}: OK if it is a valid name, INVAL
   * if it is empty or no UTF-8, NAMETOOLONG if it is over {@value #MAX_BYTES} bytes, BADNAME if it
   * is "." or ".." or has a '/' or a NUL.
   */
  public static Status check(Opaque name) {
    byte[] bytes = name.array();
    if (bytes.length == 0) {
      return Status.INVAL;
    }
    if (bytes.length > MAX_BYTES) {
      return Status.NAMETOOLONG;
    }
    if (!isUtf8(bytes)) {
      return Status.INVAL;
    }
    if (bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'))) {
      return Status.BADNAME;
    }
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        return Status.BADNAME;
      }
    }
    return Status.OK;
  }

  /** Whether {@code bytes} are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
  public static boolean isUtf8(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int sequence = sequenceBytes(bytes, at);
      if (sequence == 0) {
        return false;
      }
      at += sequence;
    }
    return true;
  }

  /** How many bytes the well-formed sequence at {@code at} has; 0 if it is ill-formed. */
  private static int sequenceBytes(byte[] bytes, int at) {
    int first = bytes[at];
    if (first >= 0) {
      return 1;
    }
    first &= 0xff;
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || at + length > bytes.length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xff;
    boolean wellFormed =
        switch (first) {
          case 0xe0 -> second >= 0xa0;
          case 0xed -> second < 0xa0;
          case 0xf0 -> second >= 0x90;
          case 0xf4 -> second < 0x90;
          default -> true;
        };
    return wellFormed ? length : 0;
  }
}
