package tidefs.fs;

import java.util.Optional;
import tidefs.fs.lifecycle.Rules;

/**
 * Everything about an inode at one instant. Immutable; the arrays are never changed.
 *
 * @param attributes what users see
 * @param parent the parent of a directory; 0 for anything else, and for the root
 * @param entries the entries of a directory
 * @param entryBytes the metered bytes of a directory's entries
 * @param layout where a regular file's contents are
 * @param data a symbolic link's target, or the contents of a file that are in the inode
 * @param verifier of the exclusive creation that made it; 0 for none
 * @param sequence what an answer depends on that tells this state
 * @param xattrBytes what its extended attributes count, in bytes
 */
record InodeState(
    Attributes attributes,
    long parent,
    long entries,
    long entryBytes,
    FileLayout layout,
    byte[] data,
    long verifier,
    long sequence,
    int xattrBytes) {
  static final byte[] NO_DATA = {};

  /** What has no extended attributes. */
  InodeState(
      Attributes attributes,
      long parent,
      long entries,
      long entryBytes,
      FileLayout layout,
      byte[] data,
      long verifier,
      long sequence) {
    this(attributes, parent, entries, entryBytes, layout, data, verifier, sequence, 0);
  }

  FileType type() {
    return attributes.type();
  }

  /** True once the last name is gone. */
  boolean unlinked() {
    return attributes.links() == 0;
  }

  InodeState at(long newSequence) {
    return new InodeState(
        attributes, parent, entries, entryBytes, layout, data, verifier, newSequence, xattrBytes);
  }

  InodeState with(Attributes newAttributes) {
    return new InodeState(
        newAttributes, parent, entries, entryBytes, layout, data, verifier, sequence, xattrBytes);
  }

  InodeState withParent(long newParent) {
    return new InodeState(
        attributes, newParent, entries, entryBytes, layout, data, verifier, sequence, xattrBytes);
  }

  InodeState withoutVerifier() {
    return verifier == 0
        ? this
        : new InodeState(
            attributes, parent, entries, entryBytes, layout, data, 0, sequence, xattrBytes);
  }

  InodeState withGrant(long grant) {
    return new InodeState(
        attributes,
        parent,
        entries,
        entryBytes,
        layout.withGrant(grant),
        data,
        verifier,
        sequence,
        xattrBytes);
  }

  InodeState withXattrBytes(int bytes) {
    return new InodeState(
        attributes, parent, entries, entryBytes, layout, data, verifier, sequence, bytes);
  }

  /** A regular file whose contents are in other places. */
  InodeState withTier(Tier tier) {
    return new InodeState(
        attributes,
        parent,
        entries,
        entryBytes,
        layout.withTier(tier),
        data,
        verifier,
        sequence,
        xattrBytes);
  }

  /** What a file system holds that has this inode alone: the inode, data, extended attributes. */
  Usage metered() {
    return layout.tier().isCold() ? coldUsage() : Usage.standard(standardBytes(), 1);
  }

  /** What an inode whose data are in Standard is metered with. */
  long standardBytes() {
    return attributes.spaceUsed() + Limits.INODE_METERED_BYTES + FileLayout.roundUp(xattrBytes);
  }

  private Usage coldUsage() {
    long inodeBytes = Limits.INODE_METERED_BYTES + FileLayout.roundUp(xattrBytes);
    long warm = layout.standardBytes(attributes.size());
    long cold = attributes.spaceUsed() - warm;
    long overhead = Math.max(0, Rules.LEAST_METERED_BYTES - cold);
    return Usage.cold(inodeBytes + warm, layout.tier().storageClass(), cold, overhead);
  }

  /** A regular file with other contents: size, place, and what is metered. */
  InodeState withContents(long size, FileLayout newLayout, byte[] newData) {
    Attributes sized =
        new AttributesBuilder(attributes).size(size).spaceUsed(newLayout.spaceUsed(size)).build();
    return new InodeState(
        sized, parent, entries, entryBytes, newLayout, newData, verifier, sequence, xattrBytes);
  }

  /**
   * A regular file with the contents that {@code other} has; the higher grant counts, and chunks
   * are where they are.
   */
  InodeState withContentsOf(InodeState other) {
    long grant = Math.max(layout.grant(), other.layout.grant());
    FileLayout same = other.layout.withGrant(grant).withTier(layout.tier());
    return withContents(other.attributes.size(), same, other.data);
  }

  /** In which queue of the lifecycle it stands; empty if in none. */
  Optional<byte[]> lifecycleKey(long ino) {
    Tier tier = layout.tier();
    if (tier.accessHour() == 0 || attributes.size() == 0) {
      return Optional.empty();
    }
    LifecycleQueue queue = LifecycleQueue.of(tier, FileLayout.chunksIn(attributes.size()));
    return Optional.of(Keys.lifecycle(queue.code(), tier.accessHour(), ino));
  }

  /** A directory with more or fewer entries. */
  InodeState withEntries(int more, long moreBytes) {
    long bytes = entryBytes + moreBytes;
    long space = Math.max(Limits.BLOCK_BYTES, FileLayout.roundUp(bytes));
    Attributes sized =
        new AttributesBuilder(attributes)
            .size(space + Limits.INODE_METERED_BYTES)
            .spaceUsed(space)
            .build();
    return new InodeState(
        sized, parent, entries + more, bytes, layout, data, verifier, sequence, xattrBytes);
  }
}
