package tidefs.cli;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This host, which runs Linux. */
final class LinuxHost implements Host {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final List<String> FOLDERS = List.of("/sbin", "/usr/sbin", "/bin", "/usr/bin");

  @Override
  public boolean isRoot() {
    try {
      return Files.readString(Path.of("/proc/self/status"))
          .matches("(?s).*\\nUid:\\t\\d+\\t0\\t.*");
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "this host is no Linux: it has no /proc", e);
    }
  }

  @Override
  public boolean hasProgram(String name) {
    return FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  @Override
  public void makeDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, directory + " cannot be made: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Mount> mountedOn(Path directory) {
    return mounts().stream()
        .filter(mount -> mount.directory().equals(real(directory)))
        .reduce((_, last) -> last);
  }

  /** Every mount of this process's name space. */
  static List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
        String[] fields = line.split(" ", -1);
        mounts.add(new Mount(fields[0], Path.of(unescaped(fields[1])), fields[2], fields[3]));
      }
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "cannot read /proc/self/mounts", e);
    }
    return mounts;
  }

  /** The kernel writes space, tab, line break and backslash as three octal digits. */
  private static String unescaped(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  private static Path real(Path directory) {
    Path normal = directory.normalize();
    Path parent = normal.getParent();
    Path name = normal.getFileName();
    if (parent == null || name == null) {
      return normal;
    }
    try {
      return parent.toRealPath().resolve(name); // Of itself nothing is asked: its server may hang.
    } catch (IOException _) {
      return normal;
    }
  }

  @Override
  public Optional<InetAddress> resolve(String name) {
    try {
      return Optional.of(InetAddress.getByName(name));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  @Override
  public void check(InetSocketAddress server) {
    String where = server.getAddress().getHostAddress() + " port " + server.getPort();
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(CONNECT_MILLIS);
      socket.connect(server, CONNECT_MILLIS);
      socket.getOutputStream().write(nullCall());
      int mark = new DataInputStream(socket.getInputStream()).readInt();
      if ((mark & LAST_FRAGMENT) == 0) {
        throw failed("what listens at " + where + " is no NFS server.", null);
      }
    } catch (ConnectException e) {
      throw failed(
          "nothing listens at "
              + where
              + ". Does the server run, and with this nfs.port?"
              + " (--port names another.)",
          e);
    } catch (NoRouteToHostException | SocketTimeoutException e) {
      throw failed(
          where + " does not answer: a firewall or the network keeps this host from it.", e);
    } catch (SocketException | EOFException e) {
      throw failed(
          where
              + " closes the connection: the security groups of the mount target do not admit"
              + " this host. Add a rule: aws ec2 authorize-security-group-ingress --protocol tcp"
              + " --port 2049 --group-id GROUP --cidr THIS-HOST/32",
          e);
    } catch (IOException e) {
      throw failed(where + " cannot be reached: " + e.getMessage(), e);
    }
  }

  /** A record with a call of NFS version 4's procedure 0, without credentials. */
  private static byte[] nullCall() {
    ByteBuffer call = ByteBuffer.allocate(11 * Integer.BYTES);
    call.putInt(LAST_FRAGMENT | 10 * Integer.BYTES);
    for (int word : new int[] {1, 0, 2, 100_003, 4, 0, 0, 0, 0, 0}) {
      call.putInt(word);
    }
    return call.array();
  }

  @Override
  public Result run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw failed("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw failed("interrupted while " + command.getFirst() + " ran", e);
    }
  }

  @Override
  public Forwarder forward(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setsid", // The end of this terminal is not its end.
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path", ""),
                "tidefs.Main"));
    command.addAll(arguments);
    try {
      File log = File.createTempFile("tidefs-forward-", ".log");
      command.addAll(List.of("--log", log.getPath())); // It removes the file when it ends.
      Process process =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectError(ProcessBuilder.Redirect.to(log))
              .start();
      try (OutputStream _ = process.getOutputStream();
          BufferedReader out = process.inputReader()) {
        String line = out.readLine();
        if (line != null && line.matches("\\d+")) {
          return new Forwarder(process.pid(), Integer.parseInt(line));
        }
        process.onExit().join();
        String said = Files.readString(log.toPath()).strip();
        Files.delete(log.toPath());
        throw failed(said.replaceFirst("^tidefs: ", ""), null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the forwarder cannot be started", e);
    }
  }

  @Override
  public void end(Forwarder forwarder) {
    ProcessHandle.of(forwarder.process()).ifPresent(ProcessHandle::destroy);
  }

  private static CommandException failed(String message, @Nullable Exception cause) {
    return cause == null
        ? new CommandException(ExitCode.FAILED, message)
        : new CommandException(ExitCode.FAILED, message, cause);
  }
}
