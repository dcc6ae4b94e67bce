package tidefs.fs;

/**
 * The attributes of an inode at one instant. Immutable.
 *
 * @param ino the inode number, never used again after the inode is gone
 * @param type what it is
 * @param mode the twelve permission bits: 07777 at most
 * @param uid the owner, unsigned 32 bits
 * @param gid the group, unsigned 32 bits
 * @param links hard links; for a directory 2 and one more per sub-directory
 * @param size bytes; for a symbolic link the length of its target
 * @param spaceUsed metered bytes of data, a multiple of 4 KiB
 * @param change grows with every change of data or attributes, strictly
 * @param accessed the POSIX atime, by EFS's rules: reads do not move it
 * @param modified when the data last changed
 * @param changed when data or attributes last changed
 * @param created when the inode was made
 * @param device which device it stands for; {@link Device#NONE} for everything but devices
 */
public record Attributes(
    long ino,
    FileType type,
    int mode,
    int uid,
    int gid,
    int links,
    long size,
    long spaceUsed,
    long change,
    Time accessed,
    Time modified,
    Time changed,
    Time created,
    Device device) {}
