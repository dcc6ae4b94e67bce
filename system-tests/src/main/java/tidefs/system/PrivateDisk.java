package tidefs.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 file system in a file, mounted in a name space of the one process that uses it, so that
 * it goes with the process, however that ends.
 *
 * <p>Its power can be taken: the kernel's own file system then drops whatever was not written and
 * flushed (EXT4_IOC_SHUTDOWN without flushing its log, as file system tests do it), and recovers
 * from its log at the next mount, as after a real loss of power.
 */
final class PrivateDisk {
  private static final String SHUT_DOWN =
      "import fcntl,os,struct,sys;"
          + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587D,struct.pack('I',2))";
  private static final int TRIES = 200;
  private static final long PAUSE_MILLIS = 25;

  private final Path image;
  private final Path mountPoint;

  private PrivateDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** A new disk in {@code directory}. */
  static PrivateDisk create(Path directory, int megabytes) throws IOException {
    Path image = directory.resolve("disk.img");
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) megabytes << 20);
    }
    run("mkfs.ext4", "-q", "-m", "0", image.toString());
    return new PrivateDisk(image, mountPoint);
  }

  /** Where the process that it is mounted for sees it. */
  Path mountPoint() {
    return mountPoint;
  }

  /** The command that mounts the disk for {@code command} and becomes that. */
  List<String> mounted(List<String> command) {
    String script = "mount -o loop \"$1\" \"$2\" && shift 2 && exec \"$@\"";
    List<String> whole = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, "sh"));
    whole.addAll(List.of(image.toString(), mountPoint.toString()));
    whole.addAll(command);
    return whole;
  }

  /** Stops the process for ever, which still has to be ended, then shuts its disk down. */
  void cutPower(long process) {
    run("kill", "-STOP", Long.toString(process));
    Path seenByProcess = Path.of("/proc", Long.toString(process), "root" + mountPoint);
    run("python3", "-c", SHUT_DOWN, seenByProcess.toString());
  }

  /** Returns when no device is behind the file any more. */
  void awaitDetached() {
    for (int i = 0; !run("losetup", "-j", image.toString()).isEmpty(); i++) {
      if (i == TRIES) {
        throw new AssertionError("the disk is still mounted");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static String run(String... command) {
    try {
      Process process =
          Checkout.process("KILL", List.of(command)).redirectErrorStream(true).start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(List.of(command) + " failed: " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
