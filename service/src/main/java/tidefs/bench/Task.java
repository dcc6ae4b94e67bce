package tidefs.bench;

/** One kind of operation of one connection; an operation may take several compounds. */
interface Task {
  /** Begins the next operation in {@code slot}; false if there is none left. */
  boolean begin(int slot);

  /** Takes an answer; true if the operation is done, false if the next compound was begun. */
  boolean answered(Reply reply);

  /** Bytes of file contents that an operation moves. */
  default int bytes() {
    return 0;
  }

  /** Directory entries that were listed so far. */
  default long entries() {
    return 0;
  }

  /** Blocks that were read and were not what was written. */
  default long wrong() {
    return 0;
  }

  /** What is done once after the last operation, while the time still runs. */
  default void end() {}
}
