package tidefs.bench;

/**
 * What is to be done.
 *
 * @param path the directory to work in, from the server's root, names parted by slashes
 * @param connections each with a client of its own
 * @param depth requests in flight on each connection
 * @param ioBytes of one READ or WRITE
 * @param fileBytes of each connection's file
 * @param seconds how long a test without an end runs
 * @param files that each connection makes
 * @param stable the stability that WRITE asks for: 0 none, 1 data, 2 all
 * @param reportEvery so many files are told of as they are made; 0 for none
 */
record Load(
    String path,
    int connections,
    int depth,
    int ioBytes,
    long fileBytes,
    double seconds,
    int files,
    int stable,
    int reportEvery) {
  private static final int WARM_UP_FILES = 200;
  private static final long SMALL_BYTES = 16L << 20;

  /** The same as a warm-up of so many seconds, with few files. */
  Load warmUp(double warmUpSeconds) {
    return new Load(
        path,
        connections,
        depth,
        ioBytes,
        fileBytes,
        warmUpSeconds,
        Math.min(files, WARM_UP_FILES),
        stable,
        0);
  }

  /** The same with files that are small. */
  Load small() {
    long bytes = Math.min(fileBytes, SMALL_BYTES);
    return new Load(path, connections, depth, ioBytes, bytes, seconds, files, stable, reportEvery);
  }
}
