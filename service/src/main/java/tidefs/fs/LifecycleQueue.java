package tidefs.fs;

/** Why a file is known to the lifecycle. The numbers are part of the store's format. */
enum LifecycleQueue {
  /** It is in Standard, and may leave it. */
  STANDARD(0),
  /** It is in Infrequent Access, and may go on. */
  INFREQUENT_ACCESS(1),
  /** It is in Archive, where it stays. */
  ARCHIVE(2),
  /** It is in a cold class and was written to: what was written goes back. */
  WRITTEN(3),
  /** It is in a cold class and was used: it returns to Standard. */
  RETURNING(4);

  private final int code;

  LifecycleQueue(int code) {
    this.code = code;
  }

  /** Its number in keys of the store. */
  int code() {
    return code;
  }

  /** The queue of a file of {@code chunks} chunks. */
  static LifecycleQueue of(Tier tier, int chunks) {
    if (tier.isCold() && tier.returning()) {
      return RETURNING;
    }
    if (tier.isCold() && (tier.warm() > 0 || chunks > tier.end())) {
      return WRITTEN;
    }
    return switch (tier.storageClass()) {
      case STANDARD -> STANDARD;
      case INFREQUENT_ACCESS -> INFREQUENT_ACCESS;
      case ARCHIVE -> ARCHIVE;
    };
  }
}
