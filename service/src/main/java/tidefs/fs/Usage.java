package tidefs.fs;

/**
 * What a file system holds.
 *
 * @param meteredBytes by EFS's rules: 2 KiB an inode, and data in steps of 4 KiB
 * @param inodes all inodes, the root among them
 */
public record Usage(long meteredBytes, long inodes) {}
