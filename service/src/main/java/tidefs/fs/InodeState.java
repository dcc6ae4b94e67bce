package tidefs.fs;

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
 */
record InodeState(
    Attributes attributes,
    long parent,
    long entries,
    long entryBytes,
    FileLayout layout,
    byte[] data,
    long verifier,
    long sequence) {
  static final byte[] NO_DATA = {};

  FileType type() {
    return attributes.type();
  }

  /** True once the last name is gone. */
  boolean unlinked() {
    return attributes.links() == 0;
  }

  InodeState at(long newSequence) {
    return new InodeState(
        attributes, parent, entries, entryBytes, layout, data, verifier, newSequence);
  }

  InodeState with(Attributes newAttributes) {
    return new InodeState(
        newAttributes, parent, entries, entryBytes, layout, data, verifier, sequence);
  }

  InodeState withParent(long newParent) {
    return new InodeState(
        attributes, newParent, entries, entryBytes, layout, data, verifier, sequence);
  }

  InodeState withoutVerifier() {
    return verifier == 0
        ? this
        : new InodeState(attributes, parent, entries, entryBytes, layout, data, 0, sequence);
  }

  InodeState withGrant(long grant) {
    return new InodeState(
        attributes, parent, entries, entryBytes, layout.withGrant(grant), data, verifier, sequence);
  }

  /** A regular file with other contents: size, place, and what is metered. */
  InodeState withContents(long size, FileLayout newLayout, byte[] newData) {
    Attributes sized =
        new AttributesBuilder(attributes).size(size).spaceUsed(newLayout.spaceUsed(size)).build();
    return new InodeState(
        sized, parent, entries, entryBytes, newLayout, newData, verifier, sequence);
  }

  /** A regular file with the contents that {@code other} has; the higher grant counts. */
  InodeState withContentsOf(InodeState other) {
    long grant = Math.max(layout.grant(), other.layout.grant());
    return withContents(other.attributes.size(), other.layout.withGrant(grant), other.data);
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
    return new InodeState(sized, parent, entries + more, bytes, layout, data, verifier, sequence);
  }
}
