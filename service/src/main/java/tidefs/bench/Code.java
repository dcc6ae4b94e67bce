package tidefs.bench;

/** Numbers of NFSv4.1 (RFC 8881) that the load generator sends or expects. */
final class Code {
  static final int OK = 0;
  static final int CLOSE = 4;
  static final int COMMIT = 5;
  static final int CREATE = 6;
  static final int GETATTR = 9;
  static final int GETFH = 10;
  static final int LOOKUP = 15;
  static final int OPEN = 18;
  static final int PUTFH = 22;
  static final int PUTROOTFH = 24;
  static final int READ = 25;
  static final int READDIR = 26;
  static final int REMOVE = 28;
  static final int RENAME = 29;
  static final int SAVEFH = 32;
  static final int WRITE = 38;
  static final int EXCHANGE_ID = 42;
  static final int CREATE_SESSION = 43;
  static final int DESTROY_SESSION = 44;
  static final int SEQUENCE = 53;
  static final int DESTROY_CLIENTID = 57;
  static final int RECLAIM_COMPLETE = 58;
  static final int NOENT = 2;
  static final int EXIST = 17;
  static final int SHARE_READ = 1;
  static final int SHARE_BOTH = 3;
  static final int FILE_SYNC = 2;

  /** TYPE CHANGE SIZE FSID FILEID, MODE NUMLINKS OWNER OWNER_GROUP SPACE_USED and three times. */
  static final int[] ATTRIBUTES = {
    1 << 1 | 1 << 3 | 1 << 4 | 1 << 8 | 1 << 20,
    1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 13 | 1 << 15 | 1 << 20 | 1 << 21,
  };

  /** The same with RDATTR_ERROR and FILEHANDLE, as a listing asks for. */
  static final int[] LISTED = {ATTRIBUTES[0] | 1 << 11 | 1 << 19, ATTRIBUTES[1]};

  private Code() {}
}
