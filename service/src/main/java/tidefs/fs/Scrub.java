package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.function.Consumer;
import tidefs.base.Blocking;
import tidefs.store.ChunkId;
import tidefs.store.StoreFault;

/** Reads the chunks of files in cold places, which checks them. */
final class Scrub {
  private final Core core;
  private final Consumer<Lifecycle.Damage> damages;

  Scrub(Core core, Consumer<Lifecycle.Damage> damages) {
    this.core = core;
    this.damages = damages;
  }

  void file(long ino, Pace pace) {
    try {
      Inode file = core.load(new Operation(Credentials.ROOT, Blocking.ALLOWED), ino);
      int end = file.state().layout().tier().end();
      for (int index = 0; index < end; index++) {
        chunk(file, index);
        pace.done(ColdChunks.length(file.state().attributes().size(), index));
      }
    } catch (FsException e) {
      // It is gone.
    }
  }

  private void chunk(Inode file, int index) {
    InodeState state = file.state();
    Tier tier = state.layout().tier();
    OptionalInt cold = core.coldChunks().find(file.ino(), tier, index, Blocking.ALLOWED);
    if (cold.isEmpty() || core.coldChunks().isHole(file, state, index, Blocking.ALLOWED)) {
      return;
    }
    ByteBuffer buffer = core.coldChunks().buffers().take();
    try {
      buffer.limit(ColdChunks.length(state.attributes().size(), index));
      ChunkId chunk = new ChunkId(file.ino(), cold.getAsInt(), index);
      Core.await(core.tiers().place(tier.storageClass()).verify(chunk, buffer));
    } catch (StoreFault e) {
      if (file.state().layout().tier().equals(tier) && !file.gone()) {
        String reason = String.valueOf(e.getMessage());
        damages.accept(new Lifecycle.Damage(file.ino(), index, tier.storageClass(), reason));
      }
    } finally {
      core.coldChunks().buffers().give(buffer);
    }
  }
}
