package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import tidefs.base.Chance;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/** The drivers' files for tests that look at many disks: small, and read without detours. */
public final class LocalDisk {
  private static final SegmentSizes SMALL = new SegmentSizes(12 << 10, 4 << 10, 48 << 10);

  private LocalDisk() {}

  /** A journal in segments of some kilobytes. */
  public static LocalJournal journal(FileIo io, Path directory, long epoch, Chance chance) {
    return LocalJournal.open(io, directory, epoch, chance, SMALL);
  }

  /** Chunks that can be read, as {@link LocalChunkStore} does it, but here and now. */
  public static ChunkStore chunks(FileIo io, Path root) {
    return new Chunks(io, new ChunkNames(root));
  }

  private record Chunks(FileIo io, ChunkNames names) implements ChunkStore {
    @Override
    public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
      int file = io.open(names.file(chunk));
      int read = 0;
      if (file != FileIo.ABSENT) {
        read = io.read(file, offset, target);
        io.close(file);
      }
      for (int i = target.position() + read; i < target.limit(); i++) {
        target.put(i, (byte) 0);
      }
      return DONE;
    }

    @Override
    public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
      throw new UnsupportedOperationException("only to read");
    }

    @Override
    public CompletableFuture<Void> sync(Collection<ChunkId> chunks) {
      throw new UnsupportedOperationException("only to read");
    }

    @Override
    public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
      throw new UnsupportedOperationException("only to read");
    }

    @Override
    public CompletableFuture<Void> remove(ChunkId chunk) {
      throw new UnsupportedOperationException("only to read");
    }

    @Override
    public void list(ChunkSink sink) {
      throw new UnsupportedOperationException("only to read");
    }

    @Override
    public void close() {}
  }
}
