package tidefs.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The host on which file systems are mounted: what is there, and what can be done. */
interface Host {
  /** Whether the command is run by root. */
  boolean isRoot();

  /** Whether a program is installed. */
  boolean hasProgram(String name);

  /** Makes a directory, and those above it, if it is not there. */
  void makeDirectory(Path directory);

  /** What is mounted on a directory, the last if there are several. */
  Optional<Mount> mountedOn(Path directory);

  /** The address of a name or of a literal. */
  Optional<InetAddress> resolve(String name);

  /** Fails, with the reason, if no NFS server answers there. */
  void check(InetSocketAddress server);

  /** Runs a program to its end. */
  Result run(List<String> command);

  /** Starts a forwarder, a process that goes on, and returns once it listens. */
  Forwarder forward(List<String> arguments);

  /** Ends a forwarder. */
  void end(Forwarder forwarder);

  /** A mounted file system. */
  record Mount(String source, Path directory, String type, String options) {}

  /** How a program ended, and what it said. */
  record Result(int status, String output) {}

  /** A forwarder that listens on a port of 127.0.0.1. */
  record Forwarder(long process, int port) {}
}
