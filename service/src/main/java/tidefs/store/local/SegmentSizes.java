package tidefs.store.local;

/**
 * How large journal segments are, in bytes.
 *
 * @param smallest what a segment occupies from the start
 * @param step how much it is filled with zeros ahead at most
 * @param largest where the next one is begun, unless a single append is larger
 */
record SegmentSizes(int smallest, int step, int largest) {
  /** Small enough for a thousand idle journals, large enough that a busy one seldom changes. */
  static final SegmentSizes DEFAULT = new SegmentSizes(256 << 10, 4 << 20, 64 << 20);
}
