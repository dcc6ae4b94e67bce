package tidefs.fs;

/** How fast work goes that nobody waits for. */
public interface Pace {
  /** As fast as it can. */
  Pace UNLIMITED = _ -> {};

  /** So many bytes were moved or read: returns when more may be. */
  void done(long bytes);
}
