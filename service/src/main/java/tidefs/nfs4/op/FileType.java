package tidefs.nfs4.op;

/** An nfs_ftype4 (RFC 8881 §3.2): the kinds of files. */
public enum FileType {
  /** Any number that no kind has. */
  UNASSIGNED(0),
  REGULAR(1),
  DIRECTORY(2),
  BLOCK_DEVICE(3),
  CHARACTER_DEVICE(4),
  SYMBOLIC_LINK(5),
  SOCKET(6),
  FIFO(7),
  ATTRIBUTE_DIRECTORY(8),
  NAMED_ATTRIBUTE(9);

  private static final FileType[] OF_CODE = values();

  private final int code;

  FileType(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  static FileType of(int code) {
    return code > 0 && code < OF_CODE.length ? OF_CODE[code] : UNASSIGNED;
  }
}
