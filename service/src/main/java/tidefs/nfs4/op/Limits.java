package tidefs.nfs4.op;

/**
 * The longest things that are decoded. What is longer is no valid encoding to us. Where the
 * protocol has an answer of its own for something too long (a name, for one), the limit here is
 * well above the true one, so that the executor can give that answer.
 */
public final class Limits {
  /** Bytes of a file handle (NFS4_FHSIZE). */
  public static final int FILE_HANDLE_BYTES = 128;

  /** Bytes of an owner, a client id string, a server scope (NFS4_OPAQUE_LIMIT). */
  public static final int OPAQUE_BYTES = 1024;

  /** Bytes of the tag of a COMPOUND. */
  public static final int TAG_BYTES = 1024;

  /** Bytes of a name as received; valid ones have {@value ComponentName#MAX_BYTES} at most. */
  public static final int NAME_BYTES = 16 * 1024;

  /** Bytes of the text of a symbolic link as received. */
  public static final int LINK_TEXT_BYTES = 64 * 1024;

  /** Bytes of the values of an fattr4 (an ACL may be long). */
  public static final int ATTRIBUTES_BYTES = 64 * 1024;

  /** Bytes of the data of a WRITE as received: the record that holds it is limited, too. */
  public static final int WRITE_BYTES = 16 * 1024 * 1024;

  /** State ids of one TEST_STATEID. */
  public static final int TESTED_STATE_IDS = 4096;

  /** Kinds of callback security that a client may offer. */
  public static final int CALLBACK_SECURITY_KINDS = 32;

  /** Supplementary groups of AUTH_SYS credentials (RFC 5531 appendix A). */
  public static final int AUTH_SYS_GROUPS = 16;

  /** Elements of the small arrays of operations that are decoded only to be refused. */
  static final int REFUSED_ELEMENTS = 1024;

  /** Bytes of the opaques of operations that are decoded only to be refused. */
  static final int REFUSED_BYTES = 1024 * 1024;

  /** Bytes of a network identifier, such as "tcp6". */
  static final int NETWORK_ID_BYTES = 128;

  /** Bytes of a universal address, such as "10.0.0.1.8.1". */
  static final int ADDRESS_BYTES = 256;

  private Limits() {}
}
