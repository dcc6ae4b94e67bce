package tidefs.fs;

/** Takes the entries of a directory, one after the other. */
@FunctionalInterface
public interface EntrySink {
  /**
   * One entry.
   *
   * @param cookie where a later listing goes on after this entry; above 2, stable for ever
   * @param name the name's bytes; valid during the call only
   * @param inode the inode's number
   * @param attributes its attributes now
   * @return false to stop: the entry was not taken, and is the first of the next listing
   */
  boolean entry(long cookie, byte[] name, long inode, Attributes attributes);
}
