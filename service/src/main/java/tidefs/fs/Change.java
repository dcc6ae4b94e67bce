package tidefs.fs;

/**
 * A directory's change attribute around an operation on it; nothing else changed it in between.
 *
 * @param before before the operation
 * @param after after it
 */
public record Change(long before, long after) {}
