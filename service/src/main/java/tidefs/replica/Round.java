package tidefs.replica;

import java.time.Instant;

/**
 * What a round did.
 *
 * @param instant the source's state at this time, and all before, is at the destination
 * @param names names told
 * @param inodes inodes told
 * @param files files whose contents were sent
 * @param restless of these, files that changed all the time; the next round sends them again
 * @param bytes bytes sent
 */
public record Round(
    Instant instant, long names, long inodes, long files, long restless, long bytes) {}
