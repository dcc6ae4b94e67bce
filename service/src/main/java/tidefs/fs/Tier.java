package tidefs.fs;

import tidefs.fs.lifecycle.StorageClass;

/**
 * In which storage class a regular file is, and in which place each of its chunks. Immutable.
 *
 * <p>A file in a cold class has its chunks from 0 to {@code end} in the place of that class, under
 * the generation {@code cold}, but for exceptions, each of which a record tells: chunks that were
 * brought to the Standard place because they were written to, and chunks that went back since,
 * under another generation. Chunks from {@code end} on are in the Standard place.
 *
 * @param storageClass the file's class
 * @param returning true if a file in a cold class was used and shall return to Standard
 * @param mixed true if there may be records of exceptions
 * @param hot the generation of the chunks in the Standard place; 0 for that of the layout
 * @param cold the generation of the chunks in the cold place; 0 if the class is Standard
 * @param end the chunks that went to the cold place
 * @param warm how many of them are in the Standard place again
 * @param accessHour the hour (since the epoch) of the last access in Standard; 0 if it is not known
 */
record Tier(
    StorageClass storageClass,
    boolean returning,
    boolean mixed,
    int hot,
    int cold,
    int end,
    int warm,
    int accessHour) {
  /** What a file has that never moved and of which no access is known. */
  static final Tier NONE = new Tier(StorageClass.STANDARD, false, false, 0, 0, 0, 0, 0);

  boolean isCold() {
    return storageClass.cold();
  }

  /** Accessed in Standard in {@code hour}. */
  Tier accessed(int hour) {
    return hour == accessHour
        ? this
        : new Tier(storageClass, returning, mixed, hot, cold, end, warm, hour);
  }

  /** On its way to Standard. */
  Tier returningNow() {
    return new Tier(storageClass, true, mixed, hot, cold, end, warm, accessHour);
  }

  /** One chunk more is in the Standard place. */
  Tier raised() {
    return new Tier(storageClass, returning, true, hot, cold, end, warm + 1, accessHour);
  }

  /** Cut: fewer chunks, of which fewer are warm. */
  Tier cut(int newEnd, int newWarm) {
    return new Tier(storageClass, returning, mixed, hot, cold, newEnd, newWarm, accessHour);
  }

  /** Wholly in a cold place, in chunks of a generation that is new in all places. */
  Tier frozen(StorageClass target, int generation, int chunks) {
    return new Tier(target, false, false, generation, generation, chunks, 0, accessHour);
  }

  /** Wholly in its cold place again; what was warm went there under {@code generation}. */
  Tier refrozen(int generation) {
    return new Tier(storageClass, false, true, generation, cold, end, 0, accessHour);
  }

  /** Wholly in Standard, in chunks of a generation that was never used. */
  Tier replaced(int generation) {
    return new Tier(StorageClass.STANDARD, false, false, generation, 0, 0, 0, accessHour);
  }

  /** Wholly in Standard, last accessed in {@code hour}. */
  Tier thawed(int hour) {
    return new Tier(StorageClass.STANDARD, false, false, hot, 0, 0, 0, hour);
  }
}
