package tidefs.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Debian's nfs-ganesha over a directory: shows whether a workload that fails on TideFS passes
 * elsewhere, so that the fault is the server's and not the test's. Needs the packages nfs-ganesha
 * and nfs-ganesha-vfs.
 */
final class GaneshaServer implements Server {
  private final Path scratch;
  private final Path log;
  private final int port = Checkout.freePort();
  private @Nullable Process process;
  private int exports;

  private GaneshaServer(Path scratch, Path log) {
    this.scratch = scratch;
    this.log = log;
  }

  static GaneshaServer create(Path logs) {
    try {
      Path scratch = Files.createTempDirectory("tidefs-system-");
      GaneshaServer server = new GaneshaServer(scratch, logs.resolve("server.log"));
      Files.createDirectories(scratch.resolve("export"));
      Files.createDirectories(scratch.resolve("recovery"));
      Files.writeString(scratch.resolve("ganesha.conf"), server.configuration());
      server.restart();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration() {
    return """
    NFS_CORE_PARAM {
      NFS_Port = %d; Bind_addr = 127.0.0.1; NFS_Protocols = 4;
      Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = None;
    }
    NFSv4 {
      Minor_Versions = 0, 1; Lease_Lifetime = 10; Grace_Period = 15;
      RecoveryBackend = fs; RecoveryRoot = %2$s/recovery;
      Only_Numeric_Owners = true; Allow_Numeric_Owners = true;
    }
    EXPORT {
      Export_Id = 1; Path = %2$s/export; Pseudo = /export; Access_Type = RW;
      Squash = No_Root_Squash; SecType = sys; Protocols = 4; Transports = TCP;
      FSAL { Name = VFS; }
    }
    """
        .formatted(port, scratch);
  }

  @Override
  public Export export() {
    try {
      Path directory = scratch.resolve("export").resolve("fs" + exports++);
      Files.createDirectory(directory);
      Process df =
          new ProcessBuilder("df", "-h", "--output=size", directory.toString())
              .redirectErrorStream(true)
              .start();
      String size = df.inputReader().lines().toList().get(1).strip();
      return new Export("127.0.0.1", port, "/export/" + directory.getFileName(), size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void restart() {
    try {
      Process started =
          Checkout.process(
                  "KILL",
                  List.of(
                      "ganesha.nfsd",
                      "-F",
                      "-f",
                      scratch.resolve("ganesha.conf").toString(),
                      "-p",
                      scratch.resolve("pid").toString(),
                      "-L",
                      log.toString(),
                      "-N",
                      "NIV_EVENT"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process = started;
      while (!listens()) {
        if (started.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("ganesha ended at its start:\n" + Checkout.tail(log));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  @Override
  public void checkStored() {
    // It stores plain files: there is nothing to check.
  }

  @Override
  public void stopAndCheck() {
    kill();
  }

  @Override
  public void close() {
    kill();
    try {
      Checkout.deleteTree(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
