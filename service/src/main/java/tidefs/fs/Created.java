package tidefs.fs;

/**
 * What making (or opening) a name gave.
 *
 * @param inode the inode of that name
 * @param isNew false if the name existed and was taken as it is
 * @param directory the directory's change attribute around it
 */
public record Created(Inode inode, boolean isNew, Change directory) {}
