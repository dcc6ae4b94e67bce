package tidefs.fs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkId;

/**
 * What is known of a regular file's contents besides its state: how far memory is ahead of the
 * store, which chunks await a sync, and who works on the chunks. Guarded by the inode's lock.
 *
 * <p><b>How a size never becomes durable before its bytes.</b> Unstable writes put bytes into
 * chunks at once and the new size into the inode's state in memory only. A commit first syncs the
 * chunks, then stores the state as it was when the sync began. Changes of attributes meanwhile
 * store the new attributes with the <em>stored</em> contents (size, layout, inline bytes).
 *
 * <p><b>Junk.</b> So after a crash chunks hold bytes beyond the size. They are harmless until the
 * file grows over them. How far they reach is bounded: no chunk byte is written at or beyond the
 * inode's <em>grant</em> (or the stored size) before a batch that raises it is durable, and a batch
 * that lowers the size raises the grant to the old one. Appending overwrites junk; an extension
 * that leaves a hole over junk cuts it first. In memory {@link #junkEnd} tells how far it can
 * reach: as far as the grant once the inode was loaded, nowhere for a file that is new.
 *
 * <p><b>Who works on chunks.</b> Writers share ({@link #inFlight}); what moves the end of the file
 * or cuts junk works alone ({@link #exclusive}).
 */
final class FileIo {
  private final Condition quiet;
  private final Map<Integer, Long> dirtyChunks = new HashMap<>();
  private final Redo redo = new Redo();
  private final Set<Integer> raising = new HashSet<>(0);
  private int inFlight;
  private boolean exclusive;
  private @Nullable InodeState stored;
  private long version;
  private long storedVersion;
  private long storedSequence;
  private int epoch;

  /** Chunk bytes from the size up to here may be junk. */
  long junkEnd;

  /** Chunks below it may be written for certain, the grant being durable. */
  long durableReach;

  /** When this is durable, chunks below the grant and the stored size may be written. */
  long barrier;

  /** The maps of written blocks, once the file is sparse. */
  @Nullable BlockMaps maps;

  FileIo(Condition quiet, InodeState state, boolean fresh) {
    this.quiet = quiet;
    junkEnd = fresh ? 0 : state.layout().grant();
    barrier = state.sequence();
    storedSequence = state.sequence();
  }

  /** True if the state in memory is ahead of the store, or chunks await a sync. */
  boolean dirty() {
    return version != storedVersion || !dirtyChunks.isEmpty() || !redo.isEmpty();
  }

  /** The state in the store; {@code current} if they are the same. */
  InodeState stored(InodeState current) {
    return stored == null ? current : stored;
  }

  /** The contents in memory change; {@code before} is the state so far. */
  void advance(InodeState before) {
    if (stored == null) {
      stored = before;
    }
    version++;
  }

  /** The contents are about to change in memory and store alike. */
  void raiseVersion() {
    version++;
  }

  /** They did not change after all. */
  void lowerVersion() {
    version--;
  }

  long version() {
    return version;
  }

  /** The records of stable writes whose chunks await a sync. */
  Redo redo() {
    return redo;
  }

  long storedVersion() {
    return storedVersion;
  }

  /** What an answer depends on that says that the contents in the store are durable. */
  long storedSequence() {
    return storedSequence;
  }

  /** The store has {@code state}; the contents in it are those of {@code ofVersion}. */
  void storedNow(InodeState state, long ofVersion) {
    storedVersion = ofVersion;
    storedSequence = state.sequence();
    stored = version == ofVersion ? null : state;
  }

  /** Attributes were stored with the contents that the store had. */
  void storedAttributes(InodeState state) {
    if (stored != null) {
      stored = state;
    }
  }

  /** Grows when the end of the file was moved down or the generation changed. */
  int epoch() {
    return epoch;
  }

  void newEpoch() {
    epoch++;
  }

  /** Chunk {@code index} was changed and awaits a sync. */
  void dirtyChunk(int index) {
    dirtyChunks.put(index, version);
  }

  void forgetDirtyChunks() {
    dirtyChunks.clear();
  }

  void forgetDirtyChunksFrom(int index) {
    dirtyChunks.keySet().removeIf(each -> each >= index);
  }

  boolean hasDirtyChunks() {
    return !dirtyChunks.isEmpty();
  }

  /** True if nobody else works on the chunks than who asks. */
  boolean alone() {
    return inFlight == 1 && !exclusive;
  }

  /** The chunks that await a sync. */
  List<ChunkId> dirtyChunks(long ino, int generation) {
    List<ChunkId> chunks = new ArrayList<>(dirtyChunks.size());
    for (int index : dirtyChunks.keySet()) {
      chunks.add(new ChunkId(ino, generation, index));
    }
    return chunks;
  }

  /** All that was written up to {@code syncedVersion} is synced. */
  void synced(long syncedVersion) {
    dirtyChunks.values().removeIf(each -> each <= syncedVersion);
  }

  boolean idle() {
    return inFlight == 0 && !exclusive;
  }

  boolean exclusive() {
    return exclusive;
  }

  /** Waits until a chunk is not on its way to the Standard place. */
  void awaitRaised(int index) {
    while (raising.contains(index)) {
      quiet.awaitUninterruptibly();
    }
  }

  void startRaising(int index) {
    raising.add(index);
  }

  void endRaising(int index) {
    raising.remove(index);
    quiet.signalAll();
  }

  /** The contents are in other places, where nothing is beyond the end. */
  void moved(long sequence) {
    junkEnd = 0;
    durableReach = 0;
    barrier = sequence;
  }

  /** Waits until nobody works alone, and joins those who share. */
  void enterShared(Blocking blocking) {
    while (exclusive) {
      checkMayWait(blocking);
      quiet.awaitUninterruptibly();
    }
    inFlight++;
  }

  void leaveShared() {
    inFlight--;
    if (inFlight == 0) {
      quiet.signalAll();
    }
  }

  /** Waits until nobody works on the chunks, and works alone from then on. */
  void enterExclusive(Blocking blocking) {
    while (!idle()) {
      checkMayWait(blocking);
      quiet.awaitUninterruptibly();
    }
    exclusive = true;
  }

  void leaveExclusive() {
    exclusive = false;
    quiet.signalAll();
  }

  private static void checkMayWait(Blocking blocking) {
    if (blocking == Blocking.FORBIDDEN) {
      throw WouldBlock.INSTANCE;
    }
  }
}
