package tidefs.store.local;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/** Walks over the directories of a chunk store: memory for the names of one of them at a time. */
final class ChunkListing {
  private static final Logger log = LoggerFactory.getLogger(ChunkListing.class);

  private final FileIo io;
  private final ChunkNames names;
  private final ChunkStore.ChunkSink sink;

  ChunkListing(FileIo io, ChunkNames names, ChunkStore.ChunkSink sink) {
    this.io = io;
    this.names = names;
    this.sink = sink;
  }

  void list() {
    for (String parent : io.list(names.root())) {
      for (String directory : io.list(names.root().resolve(parent))) {
        Path path = names.root().resolve(parent).resolve(directory);
        for (String name : io.list(path)) {
          chunk(path.resolve(name), name);
        }
      }
    }
  }

  /** The same for one bucket. */
  void list(int bucket) {
    Path directory = names.directory(bucket);
    if (io.syncDirectoryIfThere(directory)) {
      for (String name : io.list(directory)) {
        chunk(directory.resolve(name), name);
      }
    }
  }

  private void chunk(Path path, String name) {
    Optional<ChunkId> chunk = ChunkNames.parse(name).filter(id -> names.file(id).equals(path));
    if (chunk.isEmpty()) {
      log.atWarn().addKeyValue("file", path).log("A file among the chunks is none");
      return;
    }
    int file = io.open(path);
    if (file == FileIo.ABSENT) {
      return; // Removed since it was listed.
    }
    long length;
    try {
      length = io.length(file);
    } finally {
      io.close(file);
    }
    sink.chunk(chunk.get(), (int) Math.min(length, Integer.MAX_VALUE));
  }
}
