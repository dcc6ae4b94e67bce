package tidefs.replica;

/** The kinds of messages, by the byte that each begins with; what follows is in this order. */
final class Message {
  /**
   * Of a round: its id, family of copies (16 bytes), first own inode number, lost+found's name.
   * Answer: {@link #FOLLOWS} or {@link #ANEW}.
   */
  static final byte BEGIN = 1;

  /** A name that will change: directory, name. */
  static final byte ANNOUNCE = 2;

  /** A name and what it means: directory, name, node. Answer: 1 if the inode was made. */
  static final byte NAME = 3;

  /** A name that means nothing: directory, name. */
  static final byte UNNAME = 4;

  /** Some of the names of a directory: count, names. */
  static final byte KEEP_NAMES = 14;

  /** All names of a directory have been told: directory. */
  static final byte KEEP_ONLY = 5;

  /** An inode. Answer: {@link #APPLIED}, {@link #NEEDED} or {@link #DIFFERS}. */
  static final byte OFFER = 6;

  /** An inode that is marked: its contents may have changed though its attributes have not. */
  static final byte OFFER_CHANGED = 15;

  /** A file's contents begin: node. */
  static final byte FILE = 7;

  /** Digests of parts: inode, count, and offset, length, digest of each. Answer: 1 for equal. */
  static final byte DIGESTS = 8;

  /** A part that is there already: inode, offset, length. */
  static final byte KEEP = 9;

  /** A part: inode, offset, bytes. */
  static final byte DATA = 10;

  /** A file's contents are complete: node. */
  static final byte END_FILE = 11;

  /** The round is complete. Answer: 1. */
  static final byte END = 12;

  /** All names are told. */
  static final byte END_NAMES = 13;

  /** The inode is now as offered. */
  static final byte APPLIED = 0;

  /** Its contents are wanted, all of them. */
  static final byte NEEDED = 1;

  /** Its contents are wanted; some there may be the same. */
  static final byte DIFFERS = 2;

  /** An earlier round has left something. */
  static final byte FOLLOWS = 0;

  /** Nothing is here: only a round that tells everything is of use. */
  static final byte ANEW = 1;

  private Message() {}
}
