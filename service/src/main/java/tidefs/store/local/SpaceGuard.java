package tidefs.store.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.store.StoreFullFault;

/**
 * Keeps contents from taking the last of a device: what is left is for the journal and the state,
 * without which nothing could be removed any more.
 */
final class SpaceGuard {
  private static final long LARGEST_RESERVE_BYTES = 64L << 20;
  private static final int RESERVED_PART = 20;

  /** After so many bytes were written the device is asked again; less than any reserve. */
  private static final long STEP_BYTES = 1 << 20;

  private final FileIo io;
  private final Path root;
  private final long reserveBytes;
  private final AtomicLong left = new AtomicLong();

  SpaceGuard(FileIo io, Path root) {
    this.io = io;
    this.root = root;
    this.reserveBytes = Math.min(LARGEST_RESERVE_BYTES, io.totalBytes(root) / RESERVED_PART);
  }

  /** {@code bytes} are about to be written. Throws {@link StoreFullFault} if they must not be. */
  void take(int bytes) {
    if (left.addAndGet(-bytes) < 0) {
      long usable = io.usableBytes(root) - reserveBytes;
      if (usable < bytes) {
        throw new StoreFullFault("what is left of the device is not for contents");
      }
      left.set(Math.min(STEP_BYTES, usable) - bytes);
    }
  }
}
