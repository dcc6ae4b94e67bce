package tidefs.testkit;

/** An entry that READDIR listed. */
public record Entry(long cookie, String name, FileAttributes attributes) {}
