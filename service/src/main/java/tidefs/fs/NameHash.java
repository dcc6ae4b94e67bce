package tidefs.fs;

/** Spreads the names of a directory over the order in which it is listed. */
@FunctionalInterface
interface NameHash {
  /** The lowest and highest cookies of one hash lie this many bits apart. */
  int COLLISION_BITS = 8;

  /** Names of one hash that a directory can hold. */
  int COLLISIONS = 1 << COLLISION_BITS;

  /** The hash of a name; all 64 bits may be used. */
  long hash(byte[] name);

  /**
   * The cookie of the first entry with the hash of {@code name}: positive, its low eight bits 0,
   * never 0 itself (a listing's start), so above 2 (which protocols reserve).
   */
  default long cookie(byte[] name) {
    long cookie = hash(name) >>> 1 & -COLLISIONS;
    return cookie == 0 ? COLLISIONS : cookie;
  }
}
