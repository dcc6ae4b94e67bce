package tidefs.fs;

/** An extended attribute of an inode. The arrays are nobody's to change. */
public record Xattr(byte[] name, byte[] value) {}
