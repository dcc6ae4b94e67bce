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
    int reportEvery) {}
