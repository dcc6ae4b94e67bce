package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import tidefs.base.Chance;
import tidefs.store.ChunkId;

/** The drivers' files for tests that look at many disks: small, and read without detours. */
public final class LocalDisk {
  private static final SegmentSizes SMALL = new SegmentSizes(12 << 10, 4 << 10, 48 << 10);

  private LocalDisk() {}

  /** A journal in segments of some kilobytes. */
  public static LocalJournal journal(FileIo io, Path directory, long epoch, Chance chance) {
    return LocalJournal.open(io, directory, epoch, chance, SMALL);
  }

  /** Reads a chunk as {@link LocalChunkStore} does, but here and now. */
  public static void read(FileIo io, Path root, ChunkId chunk, int offset, ByteBuffer target) {
    int file = io.open(new ChunkNames(root).file(chunk));
    int read = 0;
    if (file != FileIo.ABSENT) {
      read = io.read(file, offset, target);
      io.close(file);
    }
    for (int i = target.position() + read; i < target.limit(); i++) {
      target.put(i, (byte) 0);
    }
  }
}
