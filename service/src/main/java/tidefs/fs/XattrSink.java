package tidefs.fs;

/** Takes the names of extended attributes as they are listed. */
@FunctionalInterface
public interface XattrSink {
  /**
   * Takes a name.
   *
   * @param cookie where a listing goes on behind this name; positive
   * @return false to decline: the listing ends before this name
   */
  boolean accept(long cookie, byte[] name);
}
