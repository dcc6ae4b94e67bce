package tidefs.system;

import java.nio.file.Path;

/** An NFS server with one export, which tests may kill and start again on the same address. */
public interface Server extends AutoCloseable {
  /** The server that the system property {@code server} names, running. */
  static Server start(Path logs) {
    return switch (System.getProperty("server", "tidefs")) {
      case "tidefs" -> TideFsServer.create(logs);
      case "ganesha" -> GaneshaServer.create(logs);
      case String other -> throw new IllegalArgumentException("No such server: " + other);
    };
  }

  /** A new file system of this server, empty. */
  Export export();

  /** Ends the process at once, as a crash would. */
  void kill();

  /** Starts the process again after {@link #kill}; returns when it answers. */
  void restart();

  /**
   * Notes beside the logs what every thread does, twice, and what the process worked in between: of
   * use when there is no answer. Nothing if the process does not run.
   */
  default void dumpThreads() {}

  /** Has the server, which runs, check what it serves. Nothing if it cannot. */
  default void checkServed() {}

  /** Checks what the server has stored; it must not run. */
  void checkStored();

  /** Stops the server in good order and checks what it has stored. */
  void stopAndCheck();

  /** Ends the process if it runs, and removes what it stored unless a check failed. */
  @Override
  void close();

  /**
   * What a client mounts.
   *
   * @param size what {@code df -h} shows as its size
   */
  record Export(String address, int port, String path, String size) {}
}
