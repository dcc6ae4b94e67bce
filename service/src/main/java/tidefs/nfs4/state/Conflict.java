package tidefs.nfs4.state;

/**
 * A lock that stands in another's way, as LOCK4denied tells it.
 *
 * @param offset its first byte, unsigned
 * @param length its bytes; all ones for "to the end"
 * @param exclusive whether it is a write lock
 * @param owner who holds it
 */
public record Conflict(long offset, long length, boolean exclusive, Owner owner) {}
