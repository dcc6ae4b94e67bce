package tidefs.bench;

import java.nio.ByteBuffer;

/** Reads or writes one file: all of it once in order, or anywhere until time is up. */
final class ContentTask implements Task {
  private static final int BLOCK_BYTES = 4_096;

  private final Session session;
  private final byte[] file;
  private final byte[] stateId;
  private final Load load;
  private final boolean writes;
  private final boolean once;
  private long chance;
  private final ByteBuffer payload;
  private final long[] offsets;
  private final long blocks;
  private final boolean inOrder;
  private long next;
  private long wrong;

  /**
   * A task on an open file.
   *
   * @param inOrder whether offsets ascend
   * @param once whether it ends at the end of the file
   */
  ContentTask(
      Session session, Reply opened, Load load, boolean writes, boolean inOrder, boolean once) {
    this.session = session;
    this.file = opened.handle;
    this.stateId = opened.stateId;
    this.load = load;
    this.writes = writes;
    this.once = once;
    this.inOrder = inOrder;
    chance = session.client;
    payload = ByteBuffer.allocateDirect(load.ioBytes());
    while (payload.hasRemaining()) {
      payload.put((byte) 'x');
    }
    payload.flip();
    offsets = new long[load.depth()];
    blocks = load.fileBytes() / load.ioBytes();
  }

  @Override
  public boolean begin(int slot) {
    if (once && next == blocks) {
      return false;
    }
    long block = inOrder ? next++ % blocks : anywhere();
    long offset = block * load.ioBytes();
    offsets[slot] = offset;
    Message message = session.begin(slot, writes ? 3 : 2).putFh(file);
    if (writes) {
      for (int at = 0; at < load.ioBytes(); at += BLOCK_BYTES) {
        payload.putLong(at, offset + at);
      }
      message.int32(Code.WRITE).fixed(stateId).int64(offset).int32(load.stable()).opaque(payload);
      message.getAttr();
    } else {
      message.int32(Code.READ).fixed(stateId).int64(offset).int32(load.ioBytes());
    }
    return true;
  }

  /** A block, by the generator of Knuth's MMIX. */
  private long anywhere() {
    chance = chance * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    return Long.remainderUnsigned(chance >>> 16, blocks);
  }

  @Override
  public boolean answered(Reply reply) {
    if (reply.status == Code.OK && reply.bytes != load.ioBytes()) {
      wrong++;
    } else if (reply.status == Code.OK && !writes) {
      for (int at = 0; at < reply.bytes; at += BLOCK_BYTES) {
        if (reply.data.getLong(at) != offsets[reply.slot] + at) {
          wrong++;
        }
      }
    }
    return true;
  }

  @Override
  public int bytes() {
    return load.ioBytes();
  }

  @Override
  public long wrong() {
    return wrong;
  }

  @Override
  public void end() {
    if (writes && load.stable() == 0) {
      session.begin(0, 2).putFh(file).int32(Code.COMMIT).int64(0).int32(0);
      Reply _ = session.answer();
    }
  }
}
