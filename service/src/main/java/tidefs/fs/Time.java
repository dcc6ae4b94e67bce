package tidefs.fs;

/**
 * A point in time as files carry it.
 *
 * @param seconds since 1970-01-01T00:00:00Z, negative before
 * @param nanos 0 to 999,999,999, counted forward from {@code seconds}
 */
public record Time(long seconds, int nanos) {}
